#include "tls/wire.h"

#include <algorithm>
#include <cstring>

namespace oxbow::tls {
namespace {

Wire* wire_of(BIO* bio) { return static_cast<Wire*>(BIO_get_data(bio)); }

}  // namespace

BIO* Wire::make_bio() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "oxbow");
    BIO_meth_set_read(made, read);
    BIO_meth_set_write(made, write);
    BIO_meth_set_ctrl(made, control);
    BIO_meth_set_create(made, create);
    return made;
  }();
  BIO* bio = BIO_new(method);
  if (bio != nullptr) BIO_set_data(bio, this);
  return bio;
}

int Wire::create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

void Wire::give(const uint8_t* data, uint32_t size) {
  keep();
  fresh_ = data;
  fresh_size_ = size;
}

void Wire::keep() {
  if (fresh_size_ == 0) return;
  kept_.insert(kept_.end(), fresh_, fresh_ + fresh_size_);
  fresh_ = nullptr;
  fresh_size_ = 0;
}

uint32_t Wire::take(uint8_t* into, uint32_t size) {
  uint32_t taken = 0;
  if (!kept_.empty()) {
    taken = std::min(size, static_cast<uint32_t>(kept_.size()) - kept_from_);
    std::memcpy(into, kept_.data() + kept_from_, taken);
    kept_from_ += taken;
    if (kept_from_ == kept_.size()) {
      std::vector<uint8_t>().swap(kept_);
      kept_from_ = 0;
    }
  }
  const uint32_t more = std::min(size - taken, fresh_size_);
  if (more > 0) {
    std::memcpy(into + taken, fresh_, more);
    fresh_ += more;
    fresh_size_ -= more;
  }
  return taken + more;
}

int Wire::read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  if (into == nullptr || size <= 0) return 0;
  Wire* wire = wire_of(bio);
  const uint32_t taken = wire->take(reinterpret_cast<uint8_t*>(into), static_cast<uint32_t>(size));
  if (taken > 0) return static_cast<int>(taken);
  if (wire->ended_) return 0;
  BIO_set_retry_read(bio);
  return -1;
}

int Wire::write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  if (data == nullptr || size <= 0) return 0;
  wire_of(bio)->below_->send(reinterpret_cast<const uint8_t*>(data), static_cast<uint32_t>(size));
  return size;
}

long Wire::control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return wire_of(bio)->ended_ && wire_of(bio)->empty() ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace oxbow::tls
