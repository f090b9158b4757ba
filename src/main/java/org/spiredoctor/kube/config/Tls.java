package org.spiredoctor.kube.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.spiredoctor.kube.config.ApiTarget.ServerTrust;

/** TLS to an API server: whom to trust, and what certificate to show. */
public final class Tls {
  private static final int LARGEST_BUNDLE = 16 * 1024 * 1024;

  /** Where Go, and so kubectl, looks for the authorities of the system. */
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/pki/tls/cacert.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private Tls() {}

  /**
   * A context for {@link java.net.http.HttpClient}.
   *
   * @param environment of this process; {@code SSL_CERT_FILE} names the system's authorities
   */
  public static SSLContext context(
      ServerTrust trust, Optional<ClientCertificate> own, Map<String, String> environment)
      throws ConfigException {
    try {
      KeyManager[] keys =
          own.map(certificate -> new KeyManager[] {certificate.keyManager()})
              .orElse(new KeyManager[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys,
          trust.insecure() ? new TrustManager[] {new TrustAll()} : managers(trust, environment),
          null);
      return trust.serverName().isPresent()
          ? new NamedSslContext(context, trust.serverName().get())
          : context;
    } catch (GeneralSecurityException | IOException e) {
      throw new ConfigException("TLS cannot be set up: " + e.getMessage());
    }
  }

  /**
   * What is offered to the server: all that Java offers, ChaCha20 first. A Go server takes AES only
   * from who offers it first, and without the processor's help, which the native binary lacks, AES
   * takes three times as long.
   *
   * @param context as {@link #context} has it
   */
  public static SSLParameters offered(SSLContext context) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setCipherSuites(
        Stream.of(parameters.getCipherSuites())
            .sorted(Comparator.comparing(suite -> !suite.contains("CHACHA20")))
            .toArray(String[]::new));
    return parameters;
  }

  private static TrustManager[] managers(ServerTrust trust, Map<String, String> environment)
      throws GeneralSecurityException, IOException, ConfigException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    List<X509Certificate> authorities =
        trust.authorities().isPresent()
            ? Pem.certificates(trust.authorities().get())
            : system(environment);
    if (authorities.isEmpty() && trust.authorities().isPresent()) {
      throw new ConfigException("the certificate authority of the cluster has no certificate");
    }
    if (authorities.isEmpty()) {
      factory.init((KeyStore) null);
      return factory.getTrustManagers();
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry(String.valueOf(store.size()), authority);
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Nothing where there are none: then the JDK's own are taken. */
  private static List<X509Certificate> system(Map<String, String> environment)
      throws ConfigException {
    String named = environment.getOrDefault("SSL_CERT_FILE", "");
    List<Path> files = named.isEmpty() ? SYSTEM : List.of(Path.of(named));
    for (Path file : files) {
      if (Files.isReadable(file)) {
        return Pem.certificates(Kubeconfig.bytes(file, LARGEST_BUNDLE, file.toString()));
      }
    }
    return List.of();
  }
}
