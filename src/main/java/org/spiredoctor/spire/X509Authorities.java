package org.spiredoctor.spire;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The authorities of an X.509 bundle: concatenated DER, as the Workload API sends it. They are read
 * one by one, and only those are kept that issued a given chain, so that a bundle of ten thousand
 * needs no more memory than one of ten.
 *
 * @param count how many there are; 0 when it is malformed
 * @param issuers those that issued the last certificate of the chain, one for each key
 * @param malformed why the bundle cannot be parsed, as a whole
 */
record X509Authorities(int count, List<X509Certificate> issuers, Optional<String> malformed) {
  private static final int SEQUENCE = 0x30;
  private static final int LONG_FORM = 0x80;
  private static final int LONGEST_LENGTH_BYTES = 3;

  /**
   * Reads them.
   *
   * @param chain whose issuers are kept; none are for an empty one
   */
  static X509Authorities read(ByteString der, List<X509Certificate> chain) {
    List<X509Certificate> issuers = new ArrayList<>();
    Set<PublicKey> keys = new HashSet<>();
    int count = 0;
    int at = 0;
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (at < der.size()) {
        int end = at + length(der, at);
        X509Certificate one =
            (X509Certificate) factory.generateCertificate(der.substring(at, end).newInput());
        // A signature is verified once with each key.
        if (isNamed(one, chain)
            && keys.add(one.getPublicKey())
            && verifies(one.getPublicKey(), chain.getLast())) {
          issuers.add(one);
        }
        at = end;
        count++;
      }
    } catch (CertificateException e) {
      return malformed("its certificate " + (count + 1) + " cannot be parsed");
    }
    return count == 0
        ? malformed("it holds no certificate")
        : new X509Authorities(count, List.copyOf(issuers), Optional.empty());
  }

  private static X509Authorities malformed(String why) {
    return new X509Authorities(0, List.of(), Optional.of(why));
  }

  /** Of a certificate with its header. */
  private static int length(ByteString der, int at) throws CertificateException {
    int left = der.size() - at;
    if (left < 2 || der.byteAt(at) != SEQUENCE) {
      throw new CertificateException("no certificate");
    }
    int first = der.byteAt(at + 1) & 0xff;
    int more = first < LONG_FORM ? 0 : first - LONG_FORM;
    if (first == LONG_FORM || more > LONGEST_LENGTH_BYTES || left < 2 + more) {
      throw new CertificateException("no length");
    }
    int content = more == 0 ? first : 0;
    for (int i = 0; i < more; i++) {
      content = (content << 8) | (der.byteAt(at + 2 + i) & 0xff);
    }
    if (content > left - 2 - more) {
      throw new CertificateException("cut off");
    }
    return 2 + more + content;
  }

  /** A path is validated as it was sent, so its last certificate is the one that counts. */
  private static boolean isNamed(X509Certificate authority, List<X509Certificate> chain) {
    return !chain.isEmpty()
        && chain.getLast().getIssuerX500Principal().equals(authority.getSubjectX500Principal());
  }

  private static boolean verifies(PublicKey key, X509Certificate certificate) {
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
