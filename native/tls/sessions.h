// The sessions that a client can resume, by server.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <utility>

#include "tls/openssl_ptr.h"

namespace oxbow::tls {

class Sessions {
 public:
  // Null, or a session that this object still owns.
  SSL_SESSION* find(const std::string& server) const {
    const auto found = by_server_.find(server);
    return found == by_server_.end() ? nullptr : found->second->second.get();
  }

  void keep(const std::string& server, SessionPtr session) {
    const auto found = by_server_.find(server);
    if (found != by_server_.end()) {
      entries_.erase(found->second);
      by_server_.erase(found);
    } else if (entries_.size() == kMost) {
      by_server_.erase(entries_.front().first);
      entries_.pop_front();
    }
    entries_.emplace_back(server, std::move(session));
    by_server_[server] = std::prev(entries_.end());
  }

  void clear() {
    by_server_.clear();
    entries_.clear();
  }

 private:
  static constexpr size_t kMost = 256;

  using Entry = std::pair<std::string, SessionPtr>;
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_server_;
};

}  // namespace oxbow::tls
