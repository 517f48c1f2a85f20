#include "simulation/links.h"

#include <algorithm>

namespace oxbow {
namespace {

// So that a link which loses everything ends a wait, too, though after hours.
constexpr int kTriesMax = 16;

bool fits(const Address& named, const Address& host) {
  return named.family() == 0 || named.same_host(host);
}

bool same_name(const Address& one, const Address& other) {
  return one.family() == 0 ? other.family() == 0 : one.same_host(other);
}

}  // namespace

bool Links::Pair::joins(const Address& from, const Address& to) const {
  return (fits(one, from) && fits(other, to)) || (fits(one, to) && fits(other, from));
}

bool Links::Pair::same(const Address& from, const Address& to) const {
  return (same_name(one, from) && same_name(other, to)) ||
         (same_name(one, to) && same_name(other, from));
}

void Links::set(const Address& one, const Address& other, const LinkConditions& conditions) {
  std::erase_if(links_, [&](const Link& link) { return link.pair.same(one, other); });
  links_.push_back({{one, other}, conditions});
}

// To repair takes away every cut between those hosts, also one that named more of them.
void Links::cut(const Address& one, const Address& other, bool is_cut) {
  std::erase_if(cuts_, [&](const Pair& pair) {
    return pair.same(one, other) || (!is_cut && Pair{one, other}.joins(pair.one, pair.other));
  });
  if (is_cut) cuts_.push_back({one, other});
}

bool Links::is_cut(const Address& one, const Address& other) const {
  return std::any_of(cuts_.begin(), cuts_.end(),
                     [&](const Pair& pair) { return pair.joins(one, other); });
}

// The last of those that name most hosts.
LinkConditions Links::between(const Address& one, const Address& other) const {
  const Link* best = nullptr;
  for (const Link& link : links_) {
    const bool better = best == nullptr || link.pair.names() >= best->pair.names();
    if (better && link.pair.joins(one, other)) best = &link;
  }
  return best == nullptr ? LinkConditions{} : best->conditions;
}

bool Links::is_instant(const Address& one, const Address& other) const {
  if (links_.empty() && cuts_.empty()) return true;
  const LinkConditions conditions = between(one, other);
  return conditions.latency_ns == 0 && conditions.jitter_ns == 0 && conditions.loss == 0 &&
         !is_cut(one, other);
}

bool Links::happens(double probability) {
  if (probability == 0) return false;
  return static_cast<double>(random_.next() >> 11) * 0x1p-53 < probability;
}

bool Links::loses(const Address& one, const Address& other) {
  return happens(between(one, other).loss);
}

int64_t Links::delay(const Address& one, const Address& other) {
  const LinkConditions conditions = between(one, other);
  if (conditions.jitter_ns == 0) return conditions.latency_ns;
  return conditions.latency_ns +
         static_cast<int64_t>(random_.next() % static_cast<uint64_t>(conditions.jitter_ns));
}

int64_t Links::delay(const Address& one, const Address& other, int64_t resend_ns) {
  int64_t waited_ns = 0;
  for (int tries = 1; tries < kTriesMax && loses(one, other); tries++) {
    waited_ns += resend_ns;
    resend_ns *= 2;
  }
  return waited_ns + delay(one, other);
}

}  // namespace oxbow
