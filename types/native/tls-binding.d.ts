/** What the second addon offers, as types: contexts of TLS, which make layers for connections. */
/** Makes the layers of connections; only the engine looks inside. */
export interface LayerMaker {
}
