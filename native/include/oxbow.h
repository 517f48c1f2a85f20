/*
 * oxbow.h - reaching an Oxbow event loop from C, and from any thread.
 *
 * SYNOPSIS
 *
 *     #include <oxbow.h>       the file is native/include/oxbow.h of the npm package
 *
 *     const oxbow_api *api = external;                 from JavaScript: loop.nativeApi()
 *     if (oxbow_check(api) != OXBOW_OK) ...            another ABI version: do not use it
 *     oxbow_loop *loop = api->loop_find(id);           from JavaScript: loop.nativeId()
 *     api->post(loop, on_loop, data);                  from any thread
 *     api->loop_unref(loop);
 *
 * There is nothing to link against: the functions come in a table, which JavaScript hands to your
 * addon as an External (napi_get_value_external gives the pointer). The table lives as long as the
 * process.
 *
 * THREADS
 *
 *     Every function may be called from any thread, also inside a callback. None blocks for longer
 *     than it takes to copy the bytes. What one thread posts is run in the order in which it was
 *     posted, and all of a loop's posts in the order in which they arrived. A burst of posts
 *     costs one system call. What is posted to a loop that does not run waits until it does.
 *
 * LIFETIME
 *
 *     An oxbow_loop is a reference that you own. It keeps neither the loop open nor the process
 *     alive (loop.share() in JavaScript does both). Once the loop is closed, or its worker thread
 *     has been terminated, posting answers OXBOW_CLOSED; the reference itself stays good until
 *     you give it back.
 *
 * STABILITY
 *
 *     OXBOW_ABI_VERSION changes only when something in here stops working as it did. Functions
 *     that are added come at the end of the table, and `size` tells whether they are there.
 */
#ifndef OXBOW_H_
#define OXBOW_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OXBOW_ABI_VERSION 1u

/* The first word of the table: "oxbw". */
#define OXBOW_API_MAGIC 0x6f786277u

/* What the functions answer: OXBOW_OK, or a negative number. */
#define OXBOW_OK 0
#define OXBOW_CLOSED (-1)  /* the loop is closed, or its thread has gone */
#define OXBOW_FULL (-2)    /* 1,048,576 posts are waiting: the loop does not keep up */
#define OXBOW_INVALID (-3) /* an argument makes no sense: NULL, or larger than 2 GiB */
#define OXBOW_NO_MEMORY (-4)
#define OXBOW_VERSION (-5) /* oxbow_check(): no table, or one of another version */

/* A reference to a loop. */
typedef struct oxbow_loop oxbow_loop;

/*
 * Runs on the loop's thread, in its turn, with `status` OXBOW_OK: JavaScript may be called there
 * (the Node-API env of your addon in that thread is yours to know; a handle scope is open). Clear
 * what JavaScript throws (napi_get_and_clear_last_exception): Node-API keeps a pending exception in
 * your env, where nobody else can see it.
 *
 * When the loop is closed before its turn has come, it is called with OXBOW_CLOSED, so that `data`
 * can be freed: on the loop's thread, which may be going away, so no Node-API function may be
 * called. Either way it is called exactly once for a post that was answered with OXBOW_OK.
 */
typedef void (*oxbow_callback)(void* data, int status);

typedef struct oxbow_api {
  uint32_t magic;       /* OXBOW_API_MAGIC */
  uint32_t abi_version; /* OXBOW_ABI_VERSION of the package that is loaded */
  size_t size;          /* sizeof(oxbow_api) there */

  /*
   * The loop with this number (loop.nativeId()), or NULL when there is none, or none any more:
   * numbers are never used again. What it gives is to be given back with loop_unref().
   */
  oxbow_loop* (*loop_find)(uint64_t id);

  /* One more reference, or one less. loop_unref(NULL) does nothing. */
  void (*loop_ref)(oxbow_loop* loop);
  void (*loop_unref)(oxbow_loop* loop);

  /* Whether posting would be answered with OXBOW_CLOSED: 1 or 0. */
  int (*loop_is_closed)(oxbow_loop* loop);

  /* Has `callback(data, OXBOW_OK)` called on the loop's thread. */
  int (*post)(oxbow_loop* loop, oxbow_callback callback, void* data);

  /*
   * Calls a function that JavaScript shares: `function` is handle.functionId('name') of what
   * loop.share() gave. It gets one argument, a Buffer with a copy of the bytes; they are free again
   * when this returns. What it throws goes to the loop's exception handler, and so does a number
   * that is not shared.
   */
  int (*post_call)(oxbow_loop* loop, uint32_t function, const void* bytes, size_t size);

  /* A sentence for a code, in English, as long-lived as the process. */
  const char* (*error_text)(int code);
} oxbow_api;

/* Whether this header and the table fit together: OXBOW_OK or OXBOW_VERSION. */
static inline int oxbow_check(const oxbow_api* api) {
  if (api == NULL || api->magic != OXBOW_API_MAGIC) return OXBOW_VERSION;
  if (api->abi_version != OXBOW_ABI_VERSION || api->size < sizeof(oxbow_api)) return OXBOW_VERSION;
  return OXBOW_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* OXBOW_H_ */
