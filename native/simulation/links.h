// The links of a simulated network: how long what is sent from one host to another takes, and what
// becomes of it on the way. Hosts are addresses; a link is the same in both directions.
//
// A stream loses nothing, as TCP: what is lost of it is sent again after kResendNs, twice that, and
// so on, and what follows waits for it. A datagram that is lost is gone, and those with different
// delays overtake each other.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "driver/network.h"

namespace oxbow {

class Links {
 public:
  static constexpr int64_t kResendNs = 200'000'000;      // the first time, of bytes
  static constexpr int64_t kKnockNs = 1'000'000'000;     // the first time, of a connect
  static constexpr int64_t kGiveUpNs = 127'000'000'000;  // of a connect, as Linux does

  explicit Links(uint64_t seed) : random_(seed) {}

  // An address of family 0 stands for every host.
  void set(const Address& one, const Address& other, const LinkConditions& conditions);
  void cut(const Address& one, const Address& other, bool is_cut);

  bool is_cut(const Address& one, const Address& other) const;
  // Whether what is sent there arrives at once, always.
  bool is_instant(const Address& one, const Address& other) const;
  // How long one packet takes; of one that is sent again until it arrives, with all tries, the
  // first pause before another being `resend_ns`.
  int64_t delay(const Address& one, const Address& other);
  int64_t delay(const Address& one, const Address& other, int64_t resend_ns);
  // Whether this packet is lost.
  bool loses(const Address& one, const Address& other);

 private:
  struct Pair {
    Address one;
    Address other;
    bool joins(const Address& from, const Address& to) const;
    bool same(const Address& from, const Address& to) const;
    // How many hosts it names: of several that fit, the one that names most counts.
    int names() const { return (one.family() != 0 ? 1 : 0) + (other.family() != 0 ? 1 : 0); }
  };
  struct Link {
    Pair pair;
    LinkConditions conditions;
  };

  LinkConditions between(const Address& one, const Address& other) const;
  bool happens(double probability);

  std::vector<Link> links_;
  std::vector<Pair> cuts_;
  Random random_;
};

}  // namespace oxbow
