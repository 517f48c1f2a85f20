/** The types of the second addon's exports: TLS contexts, which create layers for connections. */
/** Makes the layers of connections; only the engine looks inside. */
export interface LayerMaker {
}
