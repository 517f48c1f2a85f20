#include "net/resolver.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <utility>

#include <netdb.h>

#include "os/errors.h"
#include "os/threads.h"

namespace oxbow {
namespace {

// How many lookups may run at once; more are queued. Their threads mostly sleep in the kernel.
constexpr uint32_t kThreadsMax = 32;
// A thread that was idle for this long ends.
constexpr std::chrono::seconds kIdleTime{10};

constexpr struct {
  uint32_t flag;
  int system;
} kNameFlags[] = {
    {layout::kNameNumericHost, NI_NUMERICHOST},
    {layout::kNameNumericService, NI_NUMERICSERV},
    {layout::kNameRequired, NI_NAMEREQD},
    {layout::kNameDatagram, NI_DGRAM},
};

}  // namespace

struct Resolver::Request {
  uint32_t number = 0;
  std::string host;
  std::string service;
  int family = 0;
  int flags = 0;
  uint32_t type = 0;
  Address address;  // for a reverse lookup
};

Resolver::Answer Resolver::look_up(const Request& request) {
  addrinfo hints{};
  hints.ai_socktype = request.type == layout::kServiceDatagram ? SOCK_DGRAM : SOCK_STREAM;
  hints.ai_flags = request.flags;
  if (request.family == 4) hints.ai_family = AF_INET;
  if (request.family == 6) hints.ai_family = AF_INET6;
  addrinfo* list = nullptr;
  Answer answer{request.number, layout::LookupError::kNone, {}};
  const char* host = request.host.empty() ? nullptr : request.host.c_str();
  const char* service = request.service.empty() ? nullptr : request.service.c_str();
  answer.error = lookup_error(getaddrinfo(host, service, &hints, &list));
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    Address address;
    address.length = std::min<socklen_t>(at->ai_addrlen, sizeof(address.storage));
    std::memcpy(&address.storage, at->ai_addr, address.length);
    answer.addresses.push_back(format_address(address));
  }
  if (list != nullptr) freeaddrinfo(list);
  return answer;
}

Resolver::Answer Resolver::look_back(const Request& request) {
  char host[NI_MAXHOST] = "";
  char service[NI_MAXSERV] = "";
  int flags = 0;
  for (const auto& each : kNameFlags) {
    if ((request.type & each.flag) != 0) flags |= each.system;
  }
  Answer answer{request.number, layout::LookupError::kNone, {}};
  answer.error = lookup_error(getnameinfo(request.address.get(), request.address.length, host,
                                          sizeof(host), service, sizeof(service), flags));
  if (answer.error == layout::LookupError::kNone) {
    for (const char* text : {host, service}) answer.addresses.push_back({text, 0, 0});
  }
  return answer;
}

// Shared by the loop's thread and the resolver's threads; the last owner frees it.
struct Resolver::Shared {
  std::mutex mutex;
  std::condition_variable work_came;
  std::deque<Request> requests;
  std::vector<uint32_t> under_way;  // numbers of the requests being looked up
  std::vector<uint32_t> cancelled;  // those of them that were cancelled
  std::deque<Answer> answers;
  Driver* driver = nullptr;  // null once the loop has gone
  uint32_t threads = 0;
  uint32_t idle = 0;
  bool closed = false;
};

Resolver::~Resolver() {
  if (shared_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->driver = nullptr;
  shared_->closed = true;
  shared_->requests.clear();
  shared_->work_came.notify_all();
}

uint32_t Resolver::start(std::string host, std::string service, int family, int flags,
                         uint32_t type) {
  Request request;
  request.host = std::move(host);
  request.service = std::move(service);
  request.family = family;
  request.flags = flags;
  request.type = type;
  return start(std::move(request));
}

uint32_t Resolver::start_back(const Address& address, uint32_t flags) {
  Request request;
  request.address = address;
  request.type = flags;
  return start(std::move(request));
}

uint32_t Resolver::start(Request request) {
  if (shared_ == nullptr) {
    shared_ = std::make_shared<Shared>();
    shared_->driver = driver_;
  }
  const uint32_t number = next_request_;
  // Never 0, which means no request.
  next_request_ = number >= layout::kGenerationMask ? 1 : number + 1;
  pending_++;
  request.number = number;
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->requests.push_back(std::move(request));
  // Idle threads may already have been woken for earlier requests that they have not taken yet.
  if (shared_->idle < shared_->requests.size() && shared_->threads < kThreadsMax) {
    auto* const owner = new std::shared_ptr<Shared>(shared_);
    if (start_thread(work, owner) == 0) {
      shared_->threads++;
    } else {
      delete owner;
      // If there are threads, the lookup waits for one of them. Otherwise the queue was empty,
      // because the last thread ends only then.
      if (shared_->threads == 0) {
        shared_->requests.pop_back();
        shared_->answers.push_back({number, lookup_error(EAI_AGAIN), {}});
        driver_->wake();
        return number;
      }
    }
  }
  shared_->work_came.notify_one();
  return number;
}

bool Resolver::cancel(uint32_t request) {
  if (shared_ == nullptr) return false;
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  auto is_it = [request](const auto& entry) { return entry.number == request; };
  auto answered = [request](const Answer& answer) { return answer.request == request; };
  bool found = std::erase_if(shared_->requests, is_it) > 0;
  if (!found && std::erase_if(shared_->answers, answered) > 0) found = true;
  if (!found && std::erase(shared_->under_way, request) > 0) {
    shared_->cancelled.push_back(request);
    found = true;
  }
  if (found) pending_--;
  return found;
}

void Resolver::take_answers(std::deque<Answer>* out) {
  if (pending_ == 0) return;
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  pending_ -= static_cast<uint32_t>(shared_->answers.size());
  for (Answer& answer : shared_->answers) out->push_back(std::move(answer));
  shared_->answers.clear();
}

void* Resolver::work(void* owner) {
  const std::shared_ptr<Shared> shared = std::move(*static_cast<std::shared_ptr<Shared>*>(owner));
  delete static_cast<std::shared_ptr<Shared>*>(owner);
  std::unique_lock<std::mutex> lock(shared->mutex);
  while (!shared->closed) {
    if (shared->requests.empty()) {
      shared->idle++;
      const std::cv_status woken = shared->work_came.wait_for(lock, kIdleTime);
      shared->idle--;
      if (woken == std::cv_status::timeout && shared->requests.empty()) break;
      continue;
    }
    const Request request = std::move(shared->requests.front());
    shared->requests.pop_front();
    shared->under_way.push_back(request.number);
    lock.unlock();
    Answer answer = request.address.length > 0 ? look_back(request) : look_up(request);
    lock.lock();
    std::erase(shared->under_way, request.number);
    if (std::erase(shared->cancelled, request.number) > 0 || shared->driver == nullptr) continue;
    shared->answers.push_back(std::move(answer));
    // Under the lock, so that the driver cannot be destroyed meanwhile.
    shared->driver->wake();
  }
  shared->threads--;
  return nullptr;
}

}  // namespace oxbow
