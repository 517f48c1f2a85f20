// The JavaScript class Engine: unpacks arguments, calls the engine, packs the answer. What the
// arguments mean is checked in TypeScript, where an error can name the user's own words; here a
// call after close() or with a wrong type does nothing.
#pragma once

#include <memory>
#include <vector>

#include <napi.h>

#include "addon/host_loop.h"
#include "base/signal_watch.h"
#include "engine/engine.h"

namespace oxbow {

class EngineObject final : public Napi::ObjectWrap<EngineObject>, public ChunkSource {
 public:
  static Napi::Function define(Napi::Env env);
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  using Info = const Napi::CallbackInfo&;

  // What turn() gives when all went well and there are signals to take.
  static constexpr int kSignalled = 1;

  uint8_t* next_chunk(uint32_t slot, uint32_t bytes) override;
  void forget_chunk(uint32_t slot) override;
  bool has_memory(uint32_t slot) override;

  // Life and turns: engine_object.cc.
  void bind(Info info);
  Napi::Value chunks(Info info);
  Napi::Value driver(Info info);
  Napi::Value follows_system_time(Info info);
  Napi::Value now(Info info);
  void submit(Info info);
  Napi::Value turn(Info info);
  void watch_signals(Info info);
  Napi::Value take_signal(Info info);
  void attach(Info info);
  void poke(Info info);
  void detach(Info info);
  void close(Info info);
  void shut();
  // Not before every region was lent, and not after close().
  bool usable() const { return engine_ != nullptr && engine_->bound(); }

  // Sockets and names: engine_calls.cc.
  Napi::Value listen(Info info);
  Napi::Value listen_on(Info info);
  Napi::Value connect(Info info);
  Napi::Value pair(Info info);
  Napi::Value watch(Info info);
  Napi::Value serves(Info info);
  Napi::Value examine(Info info);
  Napi::Value adopt(Info info);
  Napi::Value write(Info info);
  Napi::Value send_file(Info info);
  Napi::Value receive(Info info);
  Napi::Value quiet(Info info);
  Napi::Value upgrade(Info info);
  Napi::Value leave_messages(Info info);
  Napi::Value set_layer(Info info);
  Napi::Value begin_layer(Info info);
  Napi::Value answer_layer(Info info);
  Napi::Value ask_layer(Info info);
  Napi::Value feed_layer(Info info);
  Napi::Value refusal_text(Info info);
  Napi::Value address(Info info);
  Napi::Value credentials(Info info);
  Napi::Value unconfirmed(Info info);
  Napi::Value confirmed(Info info);
  Napi::Value descriptor(Info info);
  Napi::Value option(Info info);
  void send_everything(Info info);
  Napi::Value datagrams(Info info);
  Napi::Value datagrams_on(Info info);
  Napi::Value join_group(Info info);
  Napi::Value multicast_interface(Info info);
  Napi::Value set_link(Info info);
  Napi::Value cut_link(Info info);
  Napi::Value format_host(Info info);
  Napi::Value parse_host(Info info);
  Napi::Value resolve(Info info);
  Napi::Value resolve_back(Info info);
  Napi::Value resolved(Info info);
  void resolve_cancel(Info info);
  void measure(Info info);

  // Programs: engine_processes.cc.
  Napi::Value spawn(Info info);
  Napi::Value spawned(Info info);
  Napi::Value cancel_spawn(Info info);
  void close_pipe(Info info);
  Napi::Value signal_child(Info info);

  // Posts from other threads: engine_posts.cc.
  Napi::Value inbox(Info info);
  Napi::Value take_posted(Info info);
  Napi::Value post_answer(Info info);
  void expect_wake(Info info);
  void allow_wake(Info info);

  std::shared_ptr<const ReaderMaker> readers_of(uint32_t flags, const Napi::Value& limits);

  std::shared_ptr<Engine> engine_;
  std::shared_ptr<HostLoop> host_;
  SignalWatch signals_;  // destroyed before the engine, whose driver it wakes
  std::shared_ptr<const ReaderMaker> usual_responses_;
  Posted held_;  // a post that waits for a larger buffer
  Napi::ObjectReference chunks_;
  Napi::ObjectReference regions_[layout::kRegionCount];
};

}  // namespace oxbow
