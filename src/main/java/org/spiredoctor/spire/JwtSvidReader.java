package org.spiredoctor.spire;

import com.google.protobuf.CodedInputStream;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.spiffe.bundle.jwtbundle.JwtBundle;
import io.spiffe.bundle.jwtbundle.JwtBundleSet;
import io.spiffe.exception.AuthorityNotFoundException;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.exception.JwtBundleException;
import io.spiffe.exception.JwtSvidException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.jwtsvid.JwtSvid;
import io.spiffe.workloadapi.grpc.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code JWTSVIDResponse}: verifies each token and keeps its claims, never the token. */
final class JwtSvidReader {
  private final Request.JwtSvid asked;

  JwtSvidReader(Request.JwtSvid asked) {
    this.asked = asked;
  }

  Answer read(CodedInputStream message, @SuppressWarnings("unused") int bytes) throws IOException {
    List<JwtSvidFacts> svids = new ArrayList<>();
    for (Workload.JWTSVID svid : Workload.JWTSVIDResponse.parseFrom(message).getSvidsList()) {
      svids.add(facts(svid.getSpiffeId(), svid.getSvid()));
    }
    return new Answer.JwtSvids(List.copyOf(svids));
  }

  private JwtSvidFacts facts(String id, String token) {
    try {
      JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
      return new JwtSvidFacts(
          id,
          List.copyOf(claims.getAudience()),
          Optional.ofNullable(claims.getExpirationTime()).map(Date::toInstant),
          rejection(token));
    } catch (ParseException e) {
      // Its text may quote the token.
      return new JwtSvidFacts(
          id, List.of(), Optional.empty(), Optional.of("it is not a signed JSON Web Token"));
    }
  }

  private Optional<String> rejection(String token) {
    try {
      JwtSvid.parseAndValidate(token, keys(), Set.of(asked.audience()));
      return Optional.empty();
    } catch (JwtSvidException | BundleNotFoundException | AuthorityNotFoundException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private JwtBundleSet keys() {
    JwtBundleSet set = JwtBundleSet.emptySet();
    asked
        .keySets()
        .forEach(
            (domain, keySet) -> {
              try {
                byte[] json = keySet.getBytes(StandardCharsets.UTF_8);
                set.put(JwtBundle.parse(TrustDomain.parse(domain), json));
              } catch (JwtBundleException | IllegalArgumentException e) {
                // Reported with the bundles; a token of that domain then finds no key here.
              }
            });
    return set;
  }
}
