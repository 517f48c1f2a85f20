/** The paths that `load_http --routes` requests. */
export const routes: `/${string}/:user/posts/:post`[] = [];

for (let n = 0; n < 200; n++) {
  routes.push(`/api/r${String(n).padStart(3, '0')}/:user/posts/:post`);
}
