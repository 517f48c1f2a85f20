// Which connections of a thread keep their buffers. A record's two take 33 KiB, which an idle
// connection should not; but to free and allocate them for every message would double what a small
// one costs. So the last few that had something to do keep them.
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

  // It has something to do. The one that had the longest ago may have to cool().
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
