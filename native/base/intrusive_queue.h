// A FIFO queue linked through a `next` pointer inside its elements: no allocation, O(1) push and
// pop, O(n) removal (rare: only cancels remove from the middle).
#pragma once

namespace oxbow {

template <typename T, T* T::*Next = &T::next>
class IntrusiveQueue {
 public:
  bool empty() const { return head_ == nullptr; }
  T* front() const { return head_; }

  void push(T* element) {
    element->*Next = nullptr;
    if (tail_ != nullptr) {
      tail_->*Next = element;
    } else {
      head_ = element;
    }
    tail_ = element;
  }

  void push_front(T* element) {
    element->*Next = head_;
    if (head_ == nullptr) tail_ = element;
    head_ = element;
  }

  T* pop() {
    T* element = head_;
    if (element == nullptr) return nullptr;
    head_ = element->*Next;
    if (head_ == nullptr) tail_ = nullptr;
    element->*Next = nullptr;
    return element;
  }

  // Returns whether the element was there.
  bool remove(T* element) {
    T* previous = nullptr;
    for (T* at = head_; at != nullptr; previous = at, at = at->*Next) {
      if (at != element) continue;
      (previous != nullptr ? previous->*Next : head_) = at->*Next;
      if (tail_ == at) tail_ = previous;
      at->*Next = nullptr;
      return true;
    }
    return false;
  }

  // Moves everything from `other` to the end of this queue.
  void append(IntrusiveQueue& other) {
    if (other.head_ == nullptr) return;
    if (tail_ != nullptr) {
      tail_->*Next = other.head_;
    } else {
      head_ = other.head_;
    }
    tail_ = other.tail_;
    other.head_ = other.tail_ = nullptr;
  }

 private:
  T* head_ = nullptr;
  T* tail_ = nullptr;
};

}  // namespace oxbow
