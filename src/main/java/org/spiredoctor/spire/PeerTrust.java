package org.spiredoctor.spire;

import io.spiffe.bundle.x509bundle.X509BundleSet;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.svid.x509svid.X509SvidValidator;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts one SPIFFE ID, verified with its trust domain's bundle (X.509-SVID specification, section
 * 5). The host's name says nothing here; being an extended trust manager keeps the JDK from asking
 * for it.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private static final int URI_NAME = 6;

  private final X509BundleSet bundles;
  private final SpiffeId expected;

  PeerTrust(X509BundleSet bundles, SpiffeId expected) {
    this.bundles = bundles;
    this.expected = expected;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    X509Certificate leaf = chain[0];
    String shown = uri(leaf);
    if (!shown.equals(expected.toString())) {
      throw new CertificateException(
          "the certificate that it shows is of "
              + (shown.isEmpty() ? "no SPIFFE ID" : shown)
              + ", expected was "
              + expected);
    }
    try {
      X509SvidValidator.verifyChain(List.of(chain), bundles);
    } catch (BundleNotFoundException e) {
      throw new CertificateException(
          "there is no bundle of " + expected.getTrustDomain().getName() + " to verify it with");
    } catch (CertificateException e) {
      throw new CertificateException(
          "the certificate that it shows as "
              + shown
              + " does not verify with the bundle of "
              + expected.getTrustDomain().getName()
              + ": "
              + e.getMessage());
    }
    X509SvidValidator.verifySpiffeId(leaf, () -> Set.of(expected));
  }

  private static String uri(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null) {
      return "";
    }
    for (List<?> name : names) {
      if (Integer.valueOf(URI_NAME).equals(name.get(0))) {
        return String.valueOf(name.get(1));
      }
    }
    return "";
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
