// Owning pointers to OpenSSL objects.
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace oxbow::tls {

template <typename T, void (*kFree)(T*)>
struct Freer {
  void operator()(T* object) const { kFree(object); }
};

inline void free_bio(BIO* bio) { BIO_free(bio); }

using BioPtr = std::unique_ptr<BIO, Freer<BIO, free_bio>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freer<SSL_CTX, SSL_CTX_free>>;
using CertificatePtr = std::unique_ptr<X509, Freer<X509, X509_free>>;
using RevokedPtr = std::unique_ptr<X509_CRL, Freer<X509_CRL, X509_CRL_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;
using ArchivePtr = std::unique_ptr<PKCS12, Freer<PKCS12, PKCS12_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, Freer<SSL_SESSION, SSL_SESSION_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freer<X509_STORE, X509_STORE_free>>;

}  // namespace oxbow::tls
