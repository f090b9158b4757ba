package org.spiredoctor.simulator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;

/** Issues JWT-SVIDs. */
final class Tokens {
  private final ECKey key;

  Tokens() {
    try {
      key = new ECKeyGenerator(Curve.P_256).keyID("simulator").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("making a JWT key", e);
    }
  }

  /** The bundle as a JSON Web Key Set, in SPIFFE's form. */
  String keySet() {
    ECKey published = new ECKey.Builder(key.toPublicJWK()).keyUse(new KeyUse("jwt-svid")).build();
    return new JWKSet(published).toString(true);
  }

  @SuppressWarnings("JavaUtilDate") // the library's type
  String issue(String id, String audience, Instant expiry) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256)
                  .type(JOSEObjectType.JWT)
                  .keyID(key.getKeyID())
                  .build(),
              new JWTClaimsSet.Builder()
                  .subject(id)
                  .audience(audience)
                  .issueTime(Date.from(Instant.now()))
                  .expirationTime(Date.from(expiry))
                  .build());
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("signing a JWT-SVID", e);
    }
  }
}
