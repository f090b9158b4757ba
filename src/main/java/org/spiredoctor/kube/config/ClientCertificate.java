package org.spiredoctor.kube.config;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A client certificate with its key. As kubectl's, it is shown whatever authorities the server
 * names.
 */
public final class ClientCertificate {
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
    this.chain = List.copyOf(chain);
    this.key = key;
  }

  /**
   * Of PEM texts.
   *
   * @param where for the message
   */
  static ClientCertificate of(byte[] certificates, byte[] key, String where)
      throws ConfigException {
    List<X509Certificate> chain = Pem.certificates(certificates);
    if (chain.isEmpty()) {
      throw new ConfigException(where + ": the client certificate is not a certificate in PEM");
    }
    PrivateKey own =
        Pem.privateKey(key, chain.getFirst().getPublicKey())
            .orElseThrow(
                () ->
                    new ConfigException(
                        where
                            + ": the client key is not an unencrypted private key in PEM of the"
                            + " certificate's kind"));
    return new ClientCertificate(chain, own);
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  X509ExtendedKeyManager keyManager() {
    return new X509ExtendedKeyManager() {
      private static final String ALIAS = "client";

      private @Nullable String fitting(String[] keyTypes) {
        return Stream.of(keyTypes).anyMatch(key.getAlgorithm()::equals) ? ALIAS : null;
      }

      @Override
      public @Nullable String chooseEngineClientAlias(
          String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return fitting(keyTypes);
      }

      @Override
      public @Nullable String chooseClientAlias(
          String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return fitting(keyTypes);
      }

      @Override
      public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
      }

      @Override
      public X509Certificate[] getCertificateChain(String alias) {
        return chain.toArray(X509Certificate[]::new);
      }

      @Override
      public PrivateKey getPrivateKey(String alias) {
        return key;
      }

      @Override
      public @Nullable String chooseServerAlias(
          String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
      }

      @Override
      public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
      }
    };
  }
}
