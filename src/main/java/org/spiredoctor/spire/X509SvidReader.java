package org.spiredoctor.spire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.spiffe.exception.X509SvidException;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.grpc.Workload;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.spire.X509SvidFacts.Validity;

/**
 * Reads an {@code X509SVIDResponse}: parses each SVID, checks that its key belongs to it and that
 * it chains up to the bundle that came with it, and keeps only what was found out.
 */
final class X509SvidReader {
  /** In bytes; that of an SVID has a handful of certificates of one or two KiB. */
  private static final int LONGEST_CHAIN = 256 * 1024;

  private X509SvidReader() {}

  static Answer read(CodedInputStream message, int bytes) throws IOException {
    return read(message, bytes, null);
  }

  /**
   * Reads one.
   *
   * @param keep is given every identity that is sound, with its key; null where none is kept
   */
  static Answer read(CodedInputStream message, int bytes, @Nullable Consumer<Credentials> keep)
      throws IOException {
    Workload.X509SVIDResponse response = Workload.X509SVIDResponse.parseFrom(message);
    if (keep != null) {
      Credentials.of(response).forEach(keep);
    }
    List<X509SvidFacts> svids = new ArrayList<>();
    List<BundleFacts> bundles = new ArrayList<>();
    for (Workload.X509SVID svid : response.getSvidsList()) {
      List<X509Certificate> chain = certificates(svid.getX509Svid());
      X509Authorities authorities = X509Authorities.read(svid.getBundle(), chain);
      svids.add(facts(svid, chain, authorities));
      BundleFacts bundle = BundleReader.x509(trustDomain(svid.getSpiffeId()), authorities);
      if (!bundles.contains(bundle)) {
        bundles.add(bundle);
      }
    }
    response
        .getFederatedBundlesMap()
        .forEach(
            (domain, der) ->
                bundles.add(BundleReader.x509(domain, X509Authorities.read(der, List.of()))));
    return new Answer.X509Svids(List.copyOf(svids), List.copyOf(bundles), bytes);
  }

  private static X509SvidFacts facts(
      Workload.X509SVID svid, List<X509Certificate> certificates, X509Authorities authorities) {
    if (svid.getX509Svid().size() > LONGEST_CHAIN) {
      return new X509SvidFacts(
          svid.getSpiffeId(),
          svid.getHint(),
          Optional.empty(),
          Optional.of("its chain of certificates is larger than 256 KiB"),
          Optional.empty());
    }
    byte[] key = svid.getX509SvidKey().toByteArray();
    try {
      byte[] chain = svid.getX509Svid().toByteArray();
      Optional<String> malformed = malformed(chain, key, svid.getSpiffeId());
      if (certificates.isEmpty()) {
        return new X509SvidFacts(
            svid.getSpiffeId(),
            svid.getHint(),
            Optional.empty(),
            malformed.or(() -> Optional.of("it holds no certificate")),
            Optional.empty());
      }
      X509Certificate leaf = certificates.getFirst();
      return new X509SvidFacts(
          svid.getSpiffeId(),
          svid.getHint(),
          Optional.of(
              new Validity(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant())),
          malformed,
          ChainCheck.flaw(certificates, authorities));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static Optional<String> malformed(byte[] chain, byte[] key, String id) {
    try {
      X509Svid svid = X509Svid.parseRaw(chain, key);
      if (!svid.getSpiffeId().toString().equals(id)) {
        return Optional.of("its certificate is for " + svid.getSpiffeId());
      }
      return KeyCheck.flaw(svid.getPrivateKey(), svid.getLeaf().getPublicKey());
    } catch (X509SvidException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      // java-spiffe lets these through where the key is no PKCS #8 structure at all.
      return Optional.of("its private key cannot be read");
    }
  }

  /** Concatenated DER, as the Workload API sends it; empty where it does not parse. */
  private static List<X509Certificate> certificates(ByteString der) {
    if (der.size() > LONGEST_CHAIN) {
      return List.of();
    }
    try {
      Collection<?> parsed =
          CertificateFactory.getInstance("X.509").generateCertificates(der.newInput());
      return parsed.stream().map(X509Certificate.class::cast).toList();
    } catch (CertificateException e) {
      return List.of();
    }
  }

  private static String trustDomain(String id) {
    String rest = id.startsWith("spiffe://") ? id.substring("spiffe://".length()) : id;
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }
}
