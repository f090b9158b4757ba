package org.spiredoctor.spire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.spiffe.bundle.jwtbundle.JwtBundle;
import io.spiffe.exception.JwtBundleException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.workloadapi.grpc.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads bundle responses. */
final class BundleReader {
  private BundleReader() {}

  static Answer x509(CodedInputStream message, int bytes) throws IOException {
    // Only whether it is such a message.
    var _ = Workload.X509BundlesResponse.parseFrom(message);
    return new Answer.X509Bundles(bytes);
  }

  static Answer jwt(CodedInputStream message, int bytes) throws IOException {
    List<BundleFacts> bundles = new ArrayList<>();
    Map<String, String> keySets = new HashMap<>();
    Workload.JWTBundlesResponse.parseFrom(message)
        .getBundlesMap()
        .forEach(
            (domain, jwks) -> {
              bundles.add(jwt(domain, jwks));
              keySets.put(domain, jwks.toString(StandardCharsets.UTF_8));
            });
    return new Answer.JwtBundles(List.copyOf(bundles), Map.copyOf(keySets));
  }

  static BundleFacts x509(String domain, X509Authorities authorities) {
    try {
      return new BundleFacts(
          TrustDomain.parse(domain).getName(), authorities.count(), authorities.malformed());
    } catch (IllegalArgumentException e) {
      return new BundleFacts(domain, 0, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static BundleFacts jwt(String domain, ByteString jwks) {
    try {
      TrustDomain trustDomain = TrustDomain.parse(domain);
      int size = JwtBundle.parse(trustDomain, jwks.toByteArray()).getJwtAuthorities().size();
      return new BundleFacts(trustDomain.getName(), size, Optional.empty());
    } catch (JwtBundleException | IllegalArgumentException e) {
      return new BundleFacts(domain, 0, Optional.of(String.valueOf(e.getMessage())));
    }
  }
}
