/** Files of a form that are too large to be kept in memory. */
/**
 * A file of a form that was written to disk while it came in: a `File` whose bytes are read from
 * there when they are wanted. It is removed when its request is over, so a handler that keeps it
 * copies or links `path` before.
 *
 * @example
 * const photo = (yield* request.formData()).get('photo') as File | UploadedFile;
 * if ('path' in photo) yield* promise(copyFile(photo.path, target));
 */
export interface UploadedFile extends File {
    /** Where it stands until the request is over. */
    readonly path: string;
}
