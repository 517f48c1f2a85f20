/** Files of a form that are too large to be kept in memory. */
/**
 * A file of a form that was written to disk while it arrived: a `File` whose bytes are read from
 * there on demand. It is removed when its request is over; to keep it, copy or link `path` before
 * that.
 *
 * @example
 * const photo = (yield* request.formData()).get('photo') as File | UploadedFile;
 * if ('path' in photo) yield* promise(copyFile(photo.path, target));
 */
export interface UploadedFile extends File {
    /** Its path on disk, valid until the request is over. */
    readonly path: string;
}
