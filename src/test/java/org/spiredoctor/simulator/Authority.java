package org.spiredoctor.simulator;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of one trust domain. */
public final class Authority {
  private static final X500Name NAME = new X500Name("C=US,O=SPIFFE");

  private final KeyPair keys = newKeys();
  private final X509Certificate certificate;
  private long serial = 1;

  /** A new authority, valid for ten years from yesterday. */
  public Authority(String trustDomain) {
    certificate =
        sign(
            keys,
            "spiffe://" + trustDomain,
            Instant.now().minus(Duration.ofDays(1)),
            Instant.now().plus(Duration.ofDays(3650)),
            true);
  }

  /** An X.509-SVID and its key. */
  public Svid issue(String id, Instant notBefore, Instant notAfter) {
    KeyPair own = newKeys();
    return new Svid(id, sign(own, id, notBefore, notAfter, false), own);
  }

  /** An X.509-SVID that is valid for an hour. */
  public Svid issue(String id) {
    Instant now = Instant.now();
    return issue(id, now.minusSeconds(10), now.plusSeconds(3600));
  }

  /** The bundle: this authority alone. */
  public byte[] bundle() {
    return encoded(certificate);
  }

  /**
   * The bundle with as many further authorities as make it larger than {@code bytes}. Each of them
   * is another one, by the end of its signature, which nobody verifies.
   */
  public byte[] bundleOver(int bytes) {
    byte[] one = bundle();
    ByteBuffer all = ByteBuffer.allocate((bytes / one.length + 1) * one.length);
    for (int at = 0; at < all.capacity(); at += one.length) {
      all.put(at, one);
      if (at > 0) {
        all.putInt(at + one.length - Integer.BYTES, at);
      }
    }
    return all.array();
  }

  private X509Certificate sign(
      KeyPair subject, String id, Instant notBefore, Instant notAfter, boolean authority) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              BigInteger.valueOf(serial++),
              Date.from(notBefore),
              Date.from(notAfter),
              NAME,
              subject.getPublic());
      GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, id);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
          .addExtension(
              Extension.keyUsage,
              true,
              new KeyUsage(
                  authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature))
          .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uri));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("signing a certificate for " + id, e);
    }
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encoding a certificate", e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("making a key", e);
    }
  }
}
