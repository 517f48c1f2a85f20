// The engine: takes submissions from JavaScript, keeps the handles, and writes completions.
//
// submit.cc   submission -> operation: one switch
// reap.cc     operation -> completion
// calls.cc    what is called directly, because it answers at once
// posts.cc    posts from other threads
//
// It knows nothing of Node: the addon lends it memory, and C++ tests drive it through the rings.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "driver/driver.h"
#include "engine/handle_table.h"
#include "engine/memory.h"
#include "inbox/registry.h"
#include "loop/turn.h"
#include "net/handle.h"
#include "net/handle_host.h"
#include "net/layer.h"
#include "net/reader.h"
#include "net/receive_arena.h"
#include "net/resolver.h"
#include "os/address.h"
#include "os/spawn.h"
#include "process/spawner.h"

namespace oxbow {

class Stream;

class Engine final : public Operations, private HandleHost {
 public:
  // Numbers that are used again, generations and requests, begin at `first_generation`.
  explicit Engine(ChunkSource* chunks, uint32_t first_generation = 0)
      : arena_(chunks), handles_(first_generation), first_request_(first_generation + 1) {}
  ~Engine();

  // 0 or negative errno; -EINVAL for a driver that is unknown on this platform.
  int open(const std::string& driver_name, double seed = 0);
  // Lends a region. False where its size does not fit.
  bool bind(uint32_t region, void* memory, size_t bytes);
  // Whether every region was lent: nothing but bind() may be called before.
  bool bound() const { return memory_.bound == (1u << layout::kRegionCount) - 1; }

  // One turn without the dispatch; see Turn::run.
  int turn(bool may_wait, int64_t longest_ns = Driver::kForever);
  void submit() override;

  // Brings the statistics up to date.
  void measure();

  // For the host loop.
  Statistics& statistics() { return turn_->statistics; }
  using HandleHost::driver;
  bool has_ready() const { return !turn_->ready.empty(); }
  bool has_work() const { return has_ready() || has_unreaped() || driver_->has_more(); }
  int64_t next_deadline() { return turn_->next_deadline(); }
  bool expects_events() const override;

  // Direct calls (calls.cc). Handles are answered as their index, errors as negative errno.
  double now() const { return static_cast<double>(driver_->now_ns()) / 1e9; }
  // `readers` read what connections receive; null: it is reported as it is. `layers` stand beneath.
  int listen(const std::string& address, int port, uint32_t flags, int backlog,
             std::shared_ptr<const ReaderMaker> readers = nullptr,
             std::shared_ptr<const LayerMaker> layers = nullptr);
  // The same on a bound socket that others have made; errors leave it as it was.
  int listen_on(int descriptor, int backlog, std::shared_ptr<const ReaderMaker> readers = nullptr,
                std::shared_ptr<const LayerMaker> layers = nullptr);
  int connect(const std::string& address, int port, const std::string& local, int local_port,
              const ReaderMaker* readers = nullptr, const LayerMaker* layers = nullptr);
  int pair(Handle* ends[2]);
  int watch(int descriptor);
  // Whether the descriptor is one of a connection, a listener or the like, which is not closing.
  bool serves(int descriptor);
  // What a descriptor is, and a stream over it (layout::kDescriptor*).
  int examine(int descriptor) { return driver_->network().examine(descriptor); }
  int adopt(int descriptor, uint32_t traits, const ReaderMaker* readers = nullptr);
  // Sends what was written before and then these bytes, which stay the caller's. Answers how many
  // of them were taken, by the kernel or into the connection's queue; the rest is to be given again
  // when that has drained.
  int write(uint32_t handle, uint32_t generation, const uint8_t* data, uint32_t size);
  // The same from a file, which is the caller's; what was written before is sent before.
  int send_file(uint32_t handle, uint32_t generation, int file, int64_t offset, uint32_t count);
  int receive(uint32_t handle, uint32_t generation, uint8_t* into, uint32_t size);
  bool quiet(uint32_t handle, uint32_t generation, bool ask);
  // Another reader for what a stream receives, as after an upgrade of HTTP. 0, or -EBADF.
  int set_reader(uint32_t handle, uint32_t generation, const ReaderMaker& maker);
  // The layer of a stream that stands. 0, or -EBADF.
  int set_layer(uint32_t handle, uint32_t generation, const LayerMaker& maker);
  int begin_layer(uint32_t handle, uint32_t generation, const uint8_t* data, uint32_t size);
  int answer_layer(uint32_t handle, uint32_t generation, const LayerMaker* maker);
  std::string ask_layer(uint32_t handle, uint32_t generation, uint32_t what);
  int feed_layer(uint32_t handle, uint32_t generation, uint32_t what, const uint8_t* data,
                 uint32_t size);
  // The link between two hosts of a simulated network, and whether it is cut; an empty text stands
  // for every host. 0, -EINVAL for a text that is not an address, or -EOPNOTSUPP for a real
  // network.
  int set_link(const std::string& one, const std::string& other, const LinkConditions& conditions);
  int cut_link(const std::string& one, const std::string& other, bool is_cut);

  // Sends everything that is queued of a stream, and blocks until that is taken.
  void send_everything(uint32_t handle, uint32_t generation);
  int address(uint32_t handle, uint32_t generation, uint32_t which, AddressText* out);
  int credentials(uint32_t handle, uint32_t generation, Credentials* out);
  // Bytes sent or queued that the peer has not confirmed.
  double unconfirmed(uint32_t handle, uint32_t generation);
  // Bytes sent that the peer has confirmed: they grow by what it does alone, however much more is
  // sent meanwhile. (On a Unix socket the kernel counts its own memory besides, so that sending
  // makes them fewer for a while.)
  double confirmed(uint32_t handle, uint32_t generation);
  int descriptor(uint32_t handle, uint32_t generation);
  // A socket for datagrams, bound to `local` and connected to `remote` unless those are empty.
  int datagrams(int family, const std::string& local, int local_port, const std::string& remote,
                int remote_port, uint32_t flags);
  // The same over a socket that others have made; errors leave it theirs.
  int datagrams_on(int descriptor);
  // Takes part in a group of multicast, or no longer; `interface` is a name, an address or empty.
  int join_group(uint32_t handle, uint32_t generation, const std::string& group,
                 const std::string& interface, bool joins);
  int multicast_interface(uint32_t handle, uint32_t generation, int family,
                          const std::string& interface);
  int option(uint32_t handle, uint32_t generation, const std::string& name, int value);
  // Starts a program, and tells that with kSpawned. `stays`: it may outlive the loop. Returns the
  // request's number; 0 for a loop in simulated time.
  uint32_t spawn(SpawnRequest request, bool stays);
  // The handle of what has started, whose end is reported as kExited; or why it could not.
  int spawned(uint32_t request, Spawned* out, layout::SpawnStage* stage);
  // Closes our end of a pipe of a child, unless it was adopted: until then it is the engine's, so
  // that a thread that is ended at any moment leaves none open.
  void close_pipe(int descriptor);
  // True: it will not be started. Else kSpawned comes.
  bool cancel_spawn(uint32_t request);
  int signal_child(uint32_t handle, uint32_t generation, int signal);
  uint32_t resolve(const std::string& host, const std::string& service, int family, int flags,
                   uint32_t type = layout::kServiceStream);
  // Host and service of a numeric address; 0 for anything else.
  uint32_t resolve_back(const std::string& host, int port, uint32_t flags);
  std::vector<AddressText> resolved(uint32_t request);
  void cancel_resolve(uint32_t request);

  // Posts from other threads (posts.cc). The inbox is opened when it is asked for first.
  const std::shared_ptr<Inbox>& inbox();
  void close_inbox();
  // The next post of those that kWake announced.
  bool take_posted(Posted* out);

 private:
  // The number of the handle that a descriptor belongs to, or belonged to.
  struct Owner {
    uint32_t index = kNoHandle;
    uint32_t generation = 0;
  };

  // Operations
  void reap() override;
  bool has_unreaped() const override;

  uint32_t control(uint32_t word) const { return memory_.control[word]; }
  void count_live();
  int add_handle(Handle* handle) override;
  Handle* owner_of(int descriptor) const;
  void claim(const Handle* handle);
  void destroy(Handle* handle);

  // submit.cc
  void take_submissions();
  void take(const Submission& entry);
  const uint8_t* bytes_to_send(const Submission& entry) const override;
  void flush();
  void flush_later(Handle* handle) override;
  void queue_events(Handle* handle) override;

  // calls.cc
  Stream* find_stream(uint32_t handle, uint32_t generation) const;
  Stream* make_stream(int descriptor, const ReaderMaker* readers);

  // reap.cc
  uint32_t completion_room() const override;
  Completion* complete(layout::CompletionOp op, const Handle* handle) override;
  void reap_later(Op* op) override;
  void resume_later(Handle* handle) override;
  bool has_handle_room() const override { return handles_.next_index() < memory_.backlog_capacity; }
  ReceiveArena& arena() override { return arena_; }
  void resume_handles();
  void reap_answers();
  void reap_spawned();
  bool has_unreported_posts() const;
  void report_posts();
  void report_events();
  bool report_events_of(Handle* handle);
  void retire(Handle* handle);
  void free_retired();

  Memory memory_;
  ReceiveArena arena_;
  std::unique_ptr<Turn> turn_;
  std::unique_ptr<Resolver> resolver_;
  OpList completed_;
  HandleTable handles_;
  std::vector<Owner> owners_;  // by descriptor
  std::vector<Handle*> dirty_;
  std::vector<Handle*> resuming_;  // that go on in the next turn
  std::vector<Handle*> dying_;     // closed, but an operation is in completed_
  IntrusiveQueue<Handle, &Handle::next_listed> listed_;
  std::deque<Resolver::Answer> answers_;
  const uint32_t first_request_;
  std::unordered_map<uint32_t, std::vector<AddressText>> resolved_;
  std::unique_ptr<Spawner> spawner_;
  std::deque<Spawner::Answer> untold_;  // children that kSpawned is still to tell of
  std::unordered_map<uint32_t, Spawner::Answer> spawned_;
  std::vector<int> pipes_;  // of children, that were not adopted yet
  struct DriverWaker final : Waker {
    void wake() override { driver->wake(); }
    Driver* driver = nullptr;
  } waker_;
  std::shared_ptr<Inbox> inbox_;
  bool posts_reported_ = false;  // kWake is on its way
};

}  // namespace oxbow
