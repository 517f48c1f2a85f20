// The connections of a thread that keep their buffers. The two record buffers take 33 KiB, too much
// for an idle connection; but freeing and allocating them for every message would double the cost
// of a small one. So only the most recently active connections keep them.
#pragma once

#include <cstdint>

namespace oxbow::tls {

class WarmList {
 public:
  static constexpr uint32_t kMost = 64;

  class Member {
   public:
    Member() = default;
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   protected:
    ~Member() = default;

   private:
    friend class WarmList;
    virtual void cool() = 0;
    Member* newer_ = nullptr;
    Member* older_ = nullptr;
    bool listed_ = false;
  };

  // Marks a member as active. The least recently active one may have to cool().
  void warm(Member* member) {
    if (newest_ == member) return;
    remove(member);
    member->listed_ = true;
    member->older_ = newest_;
    if (newest_ != nullptr) newest_->newer_ = member;
    newest_ = member;
    if (oldest_ == nullptr) oldest_ = member;
    if (++count_ <= kMost) return;
    Member* out = oldest_;
    remove(out);
    out->cool();
  }

  void remove(Member* member) {
    if (!member->listed_) return;
    member->listed_ = false;
    count_--;
    (member->newer_ != nullptr ? member->newer_->older_ : newest_) = member->older_;
    (member->older_ != nullptr ? member->older_->newer_ : oldest_) = member->newer_;
    member->newer_ = member->older_ = nullptr;
  }

 private:
  Member* newest_ = nullptr;
  Member* oldest_ = nullptr;
  uint32_t count_ = 0;
};

}  // namespace oxbow::tls
