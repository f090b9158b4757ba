package org.spiredoctor.kube.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Certificates and keys in PEM (RFC 7468), also keys in the older forms that OpenSSL writes. */
final class Pem {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Pem() {}

  private static final class Block {
    private final String label;
    private final byte[] der;

    Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }
  }

  /** All certificates in it; what is none is left out, as Go does. */
  static List<X509Certificate> certificates(byte[] pem) {
    List<X509Certificate> all = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label.equals("CERTIFICATE")) {
        try {
          CertificateFactory factory = CertificateFactory.getInstance("X.509");
          all.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
        } catch (CertificateException e) {
          // Others may be right.
        }
      }
    }
    return all;
  }

  /**
   * The first private key: PKCS #8, PKCS #1 or SEC 1.
   *
   * @param of its certificate, which says of what kind it is
   * @return nothing when there is none that fits
   */
  static Optional<PrivateKey> privateKey(byte[] pem, PublicKey of) {
    for (Block block : blocks(pem)) {
      boolean bare = block.label.equals("RSA PRIVATE KEY") || block.label.equals("EC PRIVATE KEY");
      if (bare || block.label.equals("PRIVATE KEY")) {
        byte[] pkcs8 = bare ? pkcs8(block.der, of) : block.der;
        try {
          return Optional.of(
              KeyFactory.getInstance(of.getAlgorithm())
                  .generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException e) {
          return Optional.empty();
        } finally {
          Arrays.fill(pkcs8, (byte) 0);
        }
      }
    }
    return Optional.empty();
  }

  /** A bare key, and what kind of key it is: that stands at the start of the public key too. */
  private static byte[] pkcs8(byte[] key, PublicKey of) {
    byte[] info = of.getEncoded();
    int at = headerLength(info, 0);
    byte[] algorithm = Arrays.copyOfRange(info, at, at + totalLength(info, at));
    return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
  }

  private static int headerLength(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int totalLength(byte[] der, int at) {
    int header = headerLength(der, at);
    int length = header == 2 ? der[at + 1] & 0xff : 0;
    for (int i = 2; i < header; i++) {
      length = (length << 8) | (der[at + i] & 0xff);
    }
    return header + length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static List<Block> blocks(byte[] pem) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    int at = text.indexOf("-----BEGIN ");
    while (at >= 0) {
      int labelEnd = text.indexOf("-----", at + 11);
      int end = labelEnd < 0 ? -1 : text.indexOf("-----END ", labelEnd);
      if (end < 0) {
        break;
      }
      try {
        blocks.add(
            new Block(
                text.substring(at + 11, labelEnd),
                Base64.getMimeDecoder().decode(text.substring(labelEnd + 5, end))));
      } catch (IllegalArgumentException e) {
        // Not base64: an encrypted key has headers.
      }
      at = text.indexOf("-----BEGIN ", end);
    }
    return blocks;
  }
}
