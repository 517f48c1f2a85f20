// What is called directly, because it is rare or must answer at once.
#include <cerrno>
#include <memory>
#include <utility>

#include "engine/engine.h"
#include "net/datagrams.h"
#include "net/listener.h"
#include "net/stream.h"
#include "net/watcher.h"
#include "os/sockets.h"
#include "os/unix_address.h"
#include "process/child.h"

namespace oxbow {

namespace {

// A numeric address, or with kPortUnix the path of a Unix socket. 0 or negative errno.
int address_of(const std::string& text, int port, Address* out) {
  if (port == static_cast<int>(layout::kPortUnix))
    return make_unix_address(text, out) ? 0 : -ENAMETOOLONG;
  return parse_address(text, port, out) ? 0 : -EINVAL;
}

// A host of a simulated network; empty for all of them.
bool parse_host(const std::string& text, Address* out) {
  if (text.empty()) return true;
  return parse_address(text, 0, out) && !out->is_any();
}

}  // namespace

Stream* Engine::find_stream(uint32_t index, uint32_t generation) const {
  Handle* handle = handles_.find(index, generation);
  if (handle == nullptr || handle->kind != HandleKind::kStream) return nullptr;
  Stream* stream = static_cast<Stream*>(handle);
  return stream->closed ? nullptr : stream;
}

Stream* Engine::make_stream(int descriptor, const ReaderMaker* readers) {
  Stream* stream = new Stream(this, descriptor, readers);
  add_handle(stream);
  return stream;
}

int Engine::listen(const std::string& text, int port, uint32_t flags, int backlog,
                   std::shared_ptr<const ReaderMaker> readers,
                   std::shared_ptr<const LayerMaker> layers) {
  Address address;
  if (const int error = address_of(text, port, &address)) return error;
  const int descriptor = driver_->network().listen(address, flags, backlog);
  if (descriptor < 0) return descriptor;
  return add_handle(new Listener(this, descriptor, std::move(readers), std::move(layers)));
}

int Engine::listen_on(int descriptor, int backlog, std::shared_ptr<const ReaderMaker> readers,
                      std::shared_ptr<const LayerMaker> layers) {
  const int error = driver_->network().check(descriptor);
  if (error != 0) return error;
  // What is being given up in this very turn does not count.
  if (owner_of(descriptor) != nullptr) submit();
  if (owner_of(descriptor) != nullptr) return -EBUSY;
  const int result = driver_->network().listen_on(descriptor, backlog);
  if (result < 0) return result;
  return add_handle(new Listener(this, descriptor, std::move(readers), std::move(layers)));
}

int Engine::connect(const std::string& text, int port, const std::string& local_text,
                    int local_port, const ReaderMaker* readers, const LayerMaker* layers) {
  Address address;
  Address local;
  const bool bound = !local_text.empty();
  if (const int error = address_of(text, port, &address)) return error;
  if (bound && !parse_address(local_text, local_port, &local)) return -EINVAL;
  const int descriptor = driver_->network().open(address, bound ? &local : nullptr);
  if (descriptor < 0) return descriptor;
  Stream* stream = make_stream(descriptor, readers);
  const int result = stream->start_connecting(address);
  if (layers != nullptr && (result == 0 || result == -EINPROGRESS)) {
    stream->set_layer(layers->make());
    return static_cast<int>(stream->index);
  }
  if (result != -EINPROGRESS) {
    // Decided at once: told like any other outcome, in the next turn.
    stream->connect_result = result;
    stream->failure = result;
    stream->events |= kEventConnect;
    queue_events(stream);
  }
  return static_cast<int>(stream->index);
}

int Engine::pair(Handle* ends[2]) {
  int descriptors[2];
  const int error = driver_->network().pair(descriptors);
  if (error != 0) return error;
  for (int n = 0; n < 2; n++) ends[n] = make_stream(descriptors[n], nullptr);
  return 0;
}

int Engine::watch(int descriptor) {
  const int error = driver_->network().check(descriptor);
  if (error != 0) return error;
  // Two who read from one descriptor would take each other's events.
  const Handle* owner = owner_of(descriptor);
  if (owner != nullptr && owner->kind != HandleKind::kWatcher) return -EBUSY;
  // The same of two watchers; but one that is being given up in this very turn does not count.
  submit();
  if (owner_of(descriptor) != nullptr) return -EEXIST;
  std::unique_ptr<Watcher> watcher(new Watcher(this, descriptor));
  // A regular file cannot, on Linux.
  const int refusal = watcher->probe();
  return refusal != 0 ? refusal : add_handle(watcher.release());
}

bool Engine::serves(int descriptor) {
  // What is being given up in this very turn does not count.
  if (owner_of(descriptor) != nullptr) submit();
  const Handle* owner = owner_of(descriptor);
  return owner != nullptr && owner->kind != HandleKind::kWatcher;
}

int Engine::adopt(int descriptor, uint32_t traits, const ReaderMaker* readers) {
  // What is being given up in this very turn does not count.
  if (owner_of(descriptor) != nullptr) submit();
  if (owner_of(descriptor) != nullptr) return -EBUSY;
  const int own = driver_->adopt(descriptor, traits);
  if (own < 0) return own;
  std::erase(pipes_, descriptor);
  Stream* stream = make_stream(own, readers);
  stream->write_only = (traits & layout::kDescriptorReadable) == 0;
  const uint32_t kind = traits & layout::kDescriptorKind;
  if (stream->write_only &&
      (kind == layout::kDescriptorPipe || kind == layout::kDescriptorSocket)) {
    stream->watch_reader();
    queue_events(stream);
  }
  return static_cast<int>(stream->index);
}

int Engine::write(uint32_t handle, uint32_t generation, const uint8_t* data, uint32_t size) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EPIPE;
  // What was written before goes first, in the same system call.
  take_submissions();
  int taken = -EPIPE;
  if (stream->alive()) {
    stream->add_segment(data, size);
    taken = static_cast<int>(size - stream->send_segments(true));
    // It may have failed in that, and nothing that is dropped has been taken.
    if (!stream->alive()) taken = -EPIPE;
    queue_events(stream);
  }
  flush();
  return taken;
}

int Engine::send_file(uint32_t handle, uint32_t generation, int file, int64_t offset,
                      uint32_t count) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EPIPE;
  submit();
  if (!stream->alive()) return -EPIPE;
  const int sent = stream->send_file(file, offset, count);
  queue_events(stream);
  return sent;
}

void Engine::send_everything(uint32_t handle, uint32_t generation) {
  if (driver_->advances_in_wait()) return;
  submit();
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr) return;
  stream->send_everything();
  queue_events(stream);
}

int Engine::receive(uint32_t handle, uint32_t generation, uint8_t* into, uint32_t size) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EBADF;
  const int32_t received = stream->receive(into, size);
  queue_events(stream);
  return received;
}

// Whether the connection stands and nothing came on it that was not told yet: asked before the next
// request goes out on an idle one. The peer's end may have been reaped while JavaScript was still
// at what was ready before. What came since the last poll only the kernel knows: to `ask` it costs
// a system call.
bool Engine::quiet(uint32_t handle, uint32_t generation, bool ask) {
  const Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->quiet()) return false;
  return !ask || !driver_->network().has_input(stream->descriptor);
}

int Engine::set_reader(uint32_t handle, uint32_t generation, const ReaderMaker& maker) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EBADF;
  stream->set_reader(maker);
  queue_events(stream);
  return 0;
}

// What was written before goes as it is, and what has been told already is JavaScript's to hand in
// with begin_layer(): so nothing is received until then.
int Engine::set_layer(uint32_t handle, uint32_t generation, const LayerMaker& maker) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EBADF;
  submit();
  if (!stream->alive()) return -EBADF;
  stream->set_layer(maker.make(), true);
  return 0;
}

int Engine::begin_layer(uint32_t handle, uint32_t generation, const uint8_t* data, uint32_t size) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr) return -EBADF;
  stream->begin_layer(data, size);
  queue_events(stream);
  return 0;
}

int Engine::answer_layer(uint32_t handle, uint32_t generation, const LayerMaker* maker) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr) return -EBADF;
  stream->answer_layer(maker);
  queue_events(stream);
  return 0;
}

int Engine::feed_layer(uint32_t handle, uint32_t generation, uint32_t what, const uint8_t* data,
                       uint32_t size) {
  Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return -EBADF;
  stream->feed_layer(what, data, size);
  queue_events(stream);
  return 0;
}

std::string Engine::ask_layer(uint32_t handle, uint32_t generation, uint32_t what) {
  const Stream* stream = find_stream(handle, generation);
  return stream == nullptr ? std::string() : stream->ask_layer(what);
}

int Engine::address(uint32_t handle, uint32_t generation, uint32_t which, AddressText* out) {
  const Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->descriptor < 0) return -EBADF;
  Address address;
  const int error = driver_->network().address(found->descriptor, which, &address);
  if (error != 0) return error;
  if (is_unix_address(address)) {
    *out = {unix_path(address), static_cast<int>(layout::kPortUnix), 0};
  } else {
    *out = format_address(address);
  }
  return 0;
}

int Engine::credentials(uint32_t handle, uint32_t generation, Credentials* out) {
  const Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->descriptor < 0) return -EBADF;
  return driver_->network().credentials(found->descriptor, out);
}

double Engine::unconfirmed(uint32_t handle, uint32_t generation) {
  const Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return 0;
  const double queued = static_cast<double>(stream->unsent());
  return queued + driver_->network().unconfirmed(stream->descriptor);
}

double Engine::confirmed(uint32_t handle, uint32_t generation) {
  const Stream* stream = find_stream(handle, generation);
  if (stream == nullptr || !stream->alive()) return 0;
  const double sent = static_cast<double>(stream->sent_total);
  return sent - driver_->network().unconfirmed(stream->descriptor);
}

int Engine::descriptor(uint32_t handle, uint32_t generation) {
  const Handle* found = handles_.find(handle, generation);
  return found == nullptr || found->descriptor < 0 ? -EBADF : found->descriptor;
}

int Engine::datagrams(int family, const std::string& local_text, int local_port,
                      const std::string& remote_text, int remote_port, uint32_t flags) {
  Address local;
  Address remote;
  DatagramPlan plan;
  plan.family = family == 6 ? AF_INET6 : AF_INET;
  plan.flags = flags;
  if (!local_text.empty()) {
    if (!parse_address(local_text, local_port, &local)) return -EINVAL;
    plan.local = &local;
  }
  if (!remote_text.empty()) {
    if (!parse_address(remote_text, remote_port, &remote)) return -EINVAL;
    plan.remote = &remote;
  }
  const int descriptor = driver_->network().open_datagrams(plan);
  if (descriptor < 0) return descriptor;
  return add_handle(new Datagrams(this, descriptor, plan.remote != nullptr, false));
}

int Engine::datagrams_on(int descriptor) {
  const int error = driver_->network().check(descriptor);
  if (error != 0) return error;
  // What is being given up in this very turn does not count.
  if (owner_of(descriptor) != nullptr) submit();
  if (owner_of(descriptor) != nullptr) return -EBUSY;
  const int result = driver_->network().adopt_datagrams(descriptor);
  if (result < 0) return result;
  Address address;
  const bool connected =
      driver_->network().address(descriptor, layout::kAddressPeer, &address) == 0;
  const int unknown = driver_->network().address(descriptor, layout::kAddressLocal, &address);
  if (unknown != 0) return unknown;
  return add_handle(new Datagrams(this, descriptor, connected, is_unix_address(address)));
}

int Engine::join_group(uint32_t handle, uint32_t generation, const std::string& group_text,
                       const std::string& interface, bool joins) {
  const Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->descriptor < 0) return -EBADF;
  Address group;
  if (!parse_address(group_text, 0, &group)) return -EINVAL;
  const unsigned number = interface.empty() ? 0 : interface_number(interface);
  if (!interface.empty() && number == 0) return -ENODEV;
  return driver_->network().join_group(found->descriptor, group, number, joins);
}

int Engine::multicast_interface(uint32_t handle, uint32_t generation, int family,
                                const std::string& interface) {
  const Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->descriptor < 0) return -EBADF;
  const unsigned number = interface.empty() ? 0 : interface_number(interface);
  if (!interface.empty() && number == 0) return -ENODEV;
  return driver_->network().set_multicast_interface(found->descriptor,
                                                    family == 6 ? AF_INET6 : AF_INET, number);
}

int Engine::option(uint32_t handle, uint32_t generation, const std::string& name, int value) {
  const Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->descriptor < 0) return -EBADF;
  return driver_->network().set_option(found->descriptor, name.c_str(), value);
}

uint32_t Engine::spawn(SpawnRequest request, bool stays) {
  // A child lives in real time.
  if (driver_->advances_in_wait()) return 0;
  return spawner_->start(std::move(request), stays);
}

int Engine::spawned(uint32_t request, Spawned* out, layout::SpawnStage* stage) {
  const auto found = spawned_.find(request);
  if (found == spawned_.end()) return -EBADF;
  const Spawner::Answer answer = found->second;
  spawned_.erase(found);
  *stage = answer.stage;
  if (answer.error != 0) return answer.error;
  *out = answer.child;
  for (const int pipe : out->pipes) {
    if (pipe >= 0) pipes_.push_back(pipe);
  }
  Child* child = new Child(this, out->pid, out->watch, answer.stays);
  const int index = add_handle(child);
  child->start();
  queue_events(child);
  return index;
}

void Engine::close_pipe(int descriptor) {
  if (std::erase(pipes_, descriptor) > 0) close_descriptor(descriptor);
}

bool Engine::cancel_spawn(uint32_t request) { return spawner_->cancel(request); }

int Engine::signal_child(uint32_t handle, uint32_t generation, int signal) {
  Handle* found = handles_.find(handle, generation);
  if (found == nullptr || found->kind != HandleKind::kChild) return -ESRCH;
  return static_cast<Child*>(found)->signal(signal);
}

uint32_t Engine::resolve(const std::string& host, const std::string& service, int family, int flags,
                         uint32_t type) {
  driver_->expect_wake(1);
  return resolver_->start(host, service, family, flags, type);
}

uint32_t Engine::resolve_back(const std::string& host, int port, uint32_t flags) {
  Address address;
  if (!parse_address(host, port, &address)) return 0;
  driver_->expect_wake(1);
  return resolver_->start_back(address, flags);
}

std::vector<AddressText> Engine::resolved(uint32_t request) {
  const auto found = resolved_.find(request);
  if (found == resolved_.end()) return {};
  std::vector<AddressText> addresses = std::move(found->second);
  resolved_.erase(found);
  return addresses;
}

void Engine::cancel_resolve(uint32_t request) {
  if (resolver_->cancel(request)) driver_->expect_wake(-1);
  std::erase_if(answers_, [request](const auto& answer) { return answer.request == request; });
  resolved_.erase(request);
}

int Engine::set_link(const std::string& one, const std::string& other,
                     const LinkConditions& conditions) {
  Address ends[2];
  if (!parse_host(one, &ends[0]) || !parse_host(other, &ends[1])) return -EINVAL;
  return driver_->network().set_link(ends[0], ends[1], conditions);
}

int Engine::cut_link(const std::string& one, const std::string& other, bool is_cut) {
  Address ends[2];
  if (!parse_host(one, &ends[0]) || !parse_host(other, &ends[1])) return -EINVAL;
  return driver_->network().cut_link(ends[0], ends[1], is_cut);
}

}  // namespace oxbow
