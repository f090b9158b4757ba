package org.spiredoctor.spire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.simulator.Authority;

/** Bundles whose authorities are read one by one. */
class X509AuthoritiesTest {
  private final Authority authority = new Authority("example.org");
  private final byte[] bundle = authority.bundle();

  private static X509Authorities read(byte[] der, X509Certificate... chain) {
    return X509Authorities.read(ByteString.copyFrom(der), List.of(chain));
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  @Test
  void onlyWhatIssuedTheChainIsKept() throws CertificateException {
    X509Certificate leaf = authority.issue("spiffe://example.org/web").certificate();
    byte[] many = authority.bundleOver(100 * bundle.length);
    assertThat(read(many)).isEqualTo(new X509Authorities(101, List.of(), read(many).malformed()));
    assertThat(read(many, leaf).count()).isEqualTo(101);
    assertThat(read(many, leaf).issuers()).containsExactly(certificate(bundle));
    // Another of the same name has another key.
    byte[] other = new Authority("example.org").bundle();
    assertThat(read(other, leaf).count()).isOne();
    assertThat(read(other, leaf).issuers()).isEmpty();
    assertThat(
            read(ByteString.copyFrom(other).concat(ByteString.copyFrom(many)).toByteArray(), leaf))
        .satisfies(both -> assertThat(both.issuers()).containsExactly(certificate(bundle)));
  }

  @Test
  void whatIsNoBundleIsMalformed() {
    assertThat(read(new byte[0]).malformed()).contains("it holds no certificate");
    assertThat(read("no certificate".getBytes(StandardCharsets.US_ASCII)).malformed())
        .contains("its certificate 1 cannot be parsed");
    byte[] two = authority.bundleOver(bundle.length);
    for (int length = 1; length < two.length; length++) {
      X509Authorities cut = read(Arrays.copyOf(two, length));
      assertThat(cut.malformed().isEmpty())
          .as("%d bytes", length)
          .isEqualTo(length == bundle.length);
      assertThat(cut.count()).isEqualTo(length == bundle.length ? 1 : 0);
    }
    for (int first : new int[] {0x80, 0x84, 0xff}) {
      byte[] odd = bundle.clone();
      odd[1] = (byte) first;
      assertThat(read(odd).malformed()).as("length %x", first).isPresent();
    }
  }
}
