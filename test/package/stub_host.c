/* As much of Node as a smoke test of the addon needs, for systems that have no Node here: the calls
   of Node-API that it makes, on values that are never freed. prebuilds.test.ts gives it the names
   of all others, which end the process. It prints one line for each step.

     stub_host oxbow.node REGION-BYTES... */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <node_api.h>

struct property {
  const char *name;
  napi_value value, getter;
  struct property *next;
};

struct napi_value__ {
  napi_valuetype type;
  bool is_memory;
  double number; /* also of booleans */
  char *text;
  void *memory; /* of buffers; of externals and objects what they wrap */
  size_t size;
  napi_callback call;
  void *data;
  struct property *properties;
};

/* A call in progress. */
struct napi_callback_info__ {
  napi_value self, target;
  void *data;
  size_t count;
  napi_value *args;
};

static napi_value thrown;

static napi_value make(napi_valuetype type) {
  napi_value value = calloc(1, sizeof(*value));
  value->type = type;
  return value;
}

static napi_value undefined(void) {
  static napi_value only;
  return only ? only : (only = make(napi_undefined));
}

static napi_value number(double from) {
  napi_value value = make(napi_number);
  value->number = from;
  return value;
}

static napi_value string(const char *from) {
  napi_value value = make(napi_string);
  value->text = strdup(from);
  return value;
}

static napi_value memory(size_t size) {
  napi_value value = make(napi_object);
  value->is_memory = true;
  value->memory = calloc(1, size);
  value->size = size;
  return value;
}

static struct property *find(napi_value object, const char *name) {
  struct property *at = object->properties;
  while (at && strcmp(at->name, name) != 0) at = at->next;
  return at;
}

static struct property *property(napi_value object, const char *name) {
  struct property *at = find(object, name);
  if (at) return at;
  at = calloc(1, sizeof(*at));
  at->name = strdup(name);
  at->next = object->properties;
  return object->properties = at;
}

static napi_value call(napi_value function, napi_value self, napi_value target, size_t count,
                       napi_value *args) {
  struct napi_callback_info__ info = {self, target, function->data, count, args};
  napi_value result = function->call(NULL, &info);
  if (thrown) {
    printf("thrown: %s\n", thrown->text);
    exit(1);
  }
  return result ? result : undefined();
}

/* --- what the addon calls --------------------------------------------------------------------- */

#define GIVE(what) return *result = (what), napi_ok

napi_status napi_get_undefined(napi_env env, napi_value *result) { GIVE(undefined()); }
napi_status napi_get_global(napi_env env, napi_value *result) { GIVE(undefined()); }
napi_status napi_create_object(napi_env env, napi_value *result) { GIVE(make(napi_object)); }
napi_status napi_create_array(napi_env env, napi_value *result) { GIVE(make(napi_object)); }
napi_status napi_create_array_with_length(napi_env env, size_t length, napi_value *result) {
  GIVE(make(napi_object));
}
napi_status napi_create_double(napi_env env, double value, napi_value *result) {
  GIVE(number(value));
}
napi_status napi_create_string_utf8(napi_env env, const char *text, size_t length,
                                    napi_value *result) {
  napi_value made = make(napi_string);
  made->text = length == NAPI_AUTO_LENGTH ? strdup(text) : strndup(text, length);
  GIVE(made);
}
napi_status napi_get_boolean(napi_env env, bool value, napi_value *result) {
  napi_value made = make(napi_boolean);
  made->number = value;
  GIVE(made);
}
napi_status napi_create_external(napi_env env, void *data, node_api_basic_finalize finalize,
                                 void *hint, napi_value *result) {
  napi_value made = make(napi_external);
  made->memory = data;
  GIVE(made);
}
napi_status napi_create_buffer(napi_env env, size_t size, void **data, napi_value *result) {
  napi_value made = memory(size);
  if (data) *data = made->memory;
  GIVE(made);
}
napi_status napi_create_function(napi_env env, const char *name, size_t length, napi_callback run,
                                 void *data, napi_value *result) {
  napi_value made = make(napi_function);
  made->call = run;
  made->data = data;
  GIVE(made);
}
napi_status napi_create_error(napi_env env, napi_value code, napi_value text, napi_value *result) {
  GIVE(text);
}

napi_status napi_typeof(napi_env env, napi_value value, napi_valuetype *result) {
  GIVE(value->type);
}
napi_status napi_is_arraybuffer(napi_env env, napi_value value, bool *result) {
  GIVE(value->is_memory);
}
napi_status napi_get_arraybuffer_info(napi_env env, napi_value value, void **data, size_t *size) {
  if (data) *data = value->memory;
  if (size) *size = value->size;
  return napi_ok;
}
napi_status napi_get_value_double(napi_env env, napi_value value, double *result) {
  GIVE(value->number);
}
napi_status napi_get_value_uint32(napi_env env, napi_value value, uint32_t *result) {
  GIVE((uint32_t)value->number);
}
napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t *result) {
  GIVE((int32_t)value->number);
}
napi_status napi_get_value_bool(napi_env env, napi_value value, bool *result) {
  GIVE(value->number != 0);
}
napi_status napi_get_value_string_utf8(napi_env env, napi_value value, char *into, size_t room,
                                       size_t *result) {
  if (into) snprintf(into, room, "%s", value->text);
  if (result) *result = strlen(value->text);
  return napi_ok;
}

napi_status napi_set_named_property(napi_env env, napi_value object, const char *name,
                                    napi_value value) {
  property(object, name)->value = value;
  return napi_ok;
}
napi_status napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value) {
  char name[16];
  snprintf(name, sizeof(name), "%u", index);
  return napi_set_named_property(env, object, name, value);
}
napi_status napi_define_properties(napi_env env, napi_value object, size_t count,
                                   const napi_property_descriptor *all) {
  for (size_t n = 0; n < count; n++) {
    const char *name = all[n].utf8name ? all[n].utf8name : all[n].name->text;
    struct property *made = property(object, name);
    made->value = all[n].value;
    napi_callback run = all[n].method ? all[n].method : all[n].getter;
    if (!run) continue;
    napi_create_function(env, name, 0, run, all[n].data,
                         all[n].method ? &made->value : &made->getter);
  }
  return napi_ok;
}
napi_status napi_define_class(napi_env env, const char *name, size_t length, napi_callback run,
                              void *data, size_t count, const napi_property_descriptor *all,
                              napi_value *result) {
  napi_create_function(env, name, length, run, data, result);
  return napi_define_properties(env, *result, count, all);
}
napi_status napi_wrap(napi_env env, napi_value object, void *native,
                      node_api_basic_finalize finalize, void *hint, napi_ref *result) {
  object->memory = native;
  if (result) *result = (napi_ref)object;
  return napi_ok;
}
napi_status napi_unwrap(napi_env env, napi_value object, void **result) { GIVE(object->memory); }
napi_status napi_remove_wrap(napi_env env, napi_value object, void **result) { return napi_ok; }
napi_status napi_create_reference(napi_env env, napi_value value, uint32_t count,
                                  napi_ref *result) {
  GIVE((napi_ref)value);
}
napi_status napi_get_reference_value(napi_env env, napi_ref reference, napi_value *result) {
  GIVE((napi_value)reference);
}
napi_status napi_delete_reference(node_api_basic_env env, napi_ref reference) { return napi_ok; }
napi_status napi_add_finalizer(napi_env env, napi_value object, void *data,
                               node_api_basic_finalize finalize, void *hint, napi_ref *result) {
  return napi_ok;
}
napi_status napi_open_handle_scope(napi_env env, napi_handle_scope *result) { GIVE(NULL); }
napi_status napi_close_handle_scope(napi_env env, napi_handle_scope scope) { return napi_ok; }

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count,
                             napi_value *args, napi_value *self, void **data) {
  for (size_t n = 0; count && args && n < *count; n++) {
    args[n] = n < info->count ? info->args[n] : undefined();
  }
  if (count) *count = info->count;
  if (self) *self = info->self;
  if (data) *data = info->data;
  return napi_ok;
}
napi_status napi_get_new_target(napi_env env, napi_callback_info info, napi_value *result) {
  GIVE(info->target);
}
napi_status napi_throw(napi_env env, napi_value error) {
  thrown = error;
  return napi_ok;
}
napi_status napi_is_exception_pending(napi_env env, bool *result) { GIVE(thrown != NULL); }
napi_status napi_get_uv_event_loop(node_api_basic_env env, struct uv_loop_s **result) {
  return napi_generic_failure;
}

/* --- the test --------------------------------------------------------------------------------- */

static napi_value class, engine;

static napi_value get(const char *name) {
  struct property *found = find(class, name);
  return found->getter ? call(found->getter, engine, NULL, 0, NULL) : found->value;
}

#define CALL(name, ...) call(get(name), engine, NULL, \
    sizeof((napi_value[]){__VA_ARGS__}) / sizeof(napi_value), (napi_value[]){__VA_ARGS__})

int main(int count, char **args) {
  void *addon = count > 1 ? dlopen(args[1], RTLD_NOW) : NULL;
  if (!addon) return puts(dlerror()), 1;
  napi_value (*start)(napi_env, napi_value) = dlsym(addon, "napi_register_module_v1");
  napi_value exports = start(NULL, make(napi_object));
  class = find(exports, "Engine")->value;
  engine = make(napi_object);
  call(class, engine, class, 1, (napi_value[]){string("epoll")});
  printf("driver %s\n", get("driver")->text);
  for (int n = 2; n < count; n++) CALL("bind", number(n - 2), memory(strtoul(args[n], NULL, 10)));
  printf("turn %g\n", CALL("turn", number(0))->number);
  napi_value listener = CALL("listen", string("127.0.0.1"), number(0), number(0), number(8));
  printf("listens %d\n", listener->number >= 0);
  printf("a pair %d\n", find(CALL("pair", undefined()), "3") != NULL);
  printf("turn %g\n", CALL("turn", number(0))->number);
  CALL("close", undefined());
  printf("closed, turn %s\n", CALL("turn", number(0))->number < 0 ? "refused" : "taken");
  return 0;
}
