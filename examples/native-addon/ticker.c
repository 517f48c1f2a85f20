/*
 * A native addon that reaches an Oxbow loop from a thread of its own, in plain C.
 *
 *   start(nativeApi, loopId, functionId, count)
 *       a thread posts `count` items: each tenth calls the shared function, the others count_here
 *   counted()
 *       how many items count_here has seen: [run, dropped]
 *   join()
 *       waits for the thread; gives its last code
 *
 * What is to be seen: the check of the version, a reference that the thread owns, and what becomes
 * of the data when the loop is closed.
 */
#include <node_api.h>
#include <oxbow.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const oxbow_api *api;
  oxbow_loop *loop;
  uint32_t function;
  uint32_t count;
  int code;
} work_t;

static pthread_t thread;
static work_t *running = NULL;
/* Only the loop's thread writes these: count_here runs there, in either case. */
static uint32_t seen_run = 0;
static uint32_t seen_dropped = 0;

static void count_here(void *data, int status) {
  if (status == OXBOW_OK) {
    seen_run++;
  } else {
    seen_dropped++;
  }
  free(data);
}

static void *post_all(void *data) {
  work_t *work = data;
  uint32_t n;
  work->code = OXBOW_OK;
  for (n = 0; n < work->count && work->code == OXBOW_OK; n++) {
    if (n % 10 == 0) {
      work->code = work->api->post_call(work->loop, work->function, &n, sizeof(n));
    } else {
      uint32_t *item = malloc(sizeof(*item));
      *item = n;
      work->code = work->api->post(work->loop, count_here, item);
      if (work->code != OXBOW_OK) free(item); /* not taken: it is still ours */
    }
  }
  work->api->loop_unref(work->loop);
  return NULL;
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value args[4];
  void *pointer = NULL;
  double id = 0;
  work_t *work;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  if (running != NULL) return fail(env, "it runs already");
  if (napi_get_value_external(env, args[0], &pointer) != napi_ok ||
      oxbow_check(pointer) != OXBOW_OK) {
    return fail(env, "this addon needs another version of oxbow");
  }
  work = calloc(1, sizeof(*work));
  work->api = pointer;
  napi_get_value_double(env, args[1], &id);
  napi_get_value_uint32(env, args[2], &work->function);
  napi_get_value_uint32(env, args[3], &work->count);
  work->loop = work->api->loop_find((uint64_t)id);
  if (work->loop == NULL) {
    free(work);
    return fail(env, "there is no such loop");
  }
  running = work;
  if (pthread_create(&thread, NULL, post_all, work) != 0) return fail(env, "no thread");
  return NULL;
}

static napi_value join(napi_env env, napi_callback_info info) {
  napi_value code;
  (void)info;
  if (running == NULL) return fail(env, "nothing runs");
  pthread_join(thread, NULL);
  napi_create_int32(env, running->code, &code);
  free(running);
  running = NULL;
  return code;
}

static napi_value counted(napi_env env, napi_callback_info info) {
  napi_value pair, number;
  (void)info;
  napi_create_array_with_length(env, 2, &pair);
  napi_create_uint32(env, seen_run, &number);
  napi_set_element(env, pair, 0, number);
  napi_create_uint32(env, seen_dropped, &number);
  napi_set_element(env, pair, 1, number);
  return pair;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "start", NAPI_AUTO_LENGTH, start, NULL, &function);
  napi_set_named_property(env, exports, "start", function);
  napi_create_function(env, "join", NAPI_AUTO_LENGTH, join, NULL, &function);
  napi_set_named_property(env, exports, "join", function);
  napi_create_function(env, "counted", NAPI_AUTO_LENGTH, counted, NULL, &function);
  napi_set_named_property(env, exports, "counted", function);
  return exports;
}
