package org.spiredoctor.spire;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import org.spiredoctor.identity.TrustBundle.X509Authority;

/** Reads the authorities of a bundle. */
public final class Authorities {
  private Authorities() {}

  /** What a certificate in DER says; one that cannot be read is told, and not left out. */
  public static X509Authority x509(byte[] der, boolean tainted) {
    String sha256 = sha256(der);
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      return new X509Authority(
          certificate.getSubjectX500Principal().toString(),
          Optional.of(certificate.getNotBefore().toInstant()),
          Optional.of(certificate.getNotAfter().toInstant()),
          sha256,
          tainted);
    } catch (CertificateException e) {
      return new X509Authority(
          "not a certificate: " + e.getMessage(),
          Optional.empty(),
          Optional.empty(),
          sha256,
          tainted);
    }
  }

  private static String sha256(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A URL without the user and password that it may hold. */
  public static String withoutUserInfo(String url) {
    return url.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#]*@", "$1");
  }
}
