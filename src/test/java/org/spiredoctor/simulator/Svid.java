package org.spiredoctor.simulator;

import com.google.protobuf.ByteString;
import io.spiffe.workloadapi.grpc.Workload;
import java.security.KeyPair;
import java.security.cert.X509Certificate;

/** An X.509-SVID with its key. */
public record Svid(String id, X509Certificate certificate, KeyPair keys) {

  /** This certificate with the key of another. */
  Svid withKeyOf(Svid other) {
    return new Svid(id, certificate, other.keys);
  }

  /** As the Workload API sends it. */
  Workload.X509SVID message(byte[] bundle) {
    return Workload.X509SVID
        .newBuilder()
        .setSpiffeId(id)
        .setX509Svid(ByteString.copyFrom(Authority.encoded(certificate)))
        .setX509SvidKey(ByteString.copyFrom(keys.getPrivate().getEncoded()))
        .setBundle(ByteString.copyFrom(bundle))
        .build();
  }
}
