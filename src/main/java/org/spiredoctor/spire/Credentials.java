package org.spiredoctor.spire;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.bundle.x509bundle.X509BundleSet;
import io.spiffe.exception.X509BundleException;
import io.spiffe.exception.X509SvidException;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.grpc.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * An X.509-SVID with its key, and the bundles that others are verified with. The key leaves this
 * object only into TLS; nothing prints it.
 */
public final class Credentials {
  private final X509Svid svid;
  private final X509BundleSet bundles;

  Credentials(X509Svid svid, X509BundleSet bundles) {
    this.svid = svid;
    this.bundles = bundles;
  }

  /** Those of a Workload API's answer that are sound. */
  static List<Credentials> of(Workload.X509SVIDResponse response) {
    List<Credentials> all = new ArrayList<>();
    for (Workload.X509SVID one : response.getSvidsList()) {
      byte[] key = one.getX509SvidKey().toByteArray();
      try {
        X509Svid svid = X509Svid.parseRaw(one.getX509Svid().toByteArray(), key);
        X509BundleSet bundles = X509BundleSet.emptySet();
        put(bundles, svid.getSpiffeId().getTrustDomain(), one.getBundle());
        for (Map.Entry<String, ByteString> federated :
            response.getFederatedBundlesMap().entrySet()) {
          put(bundles, TrustDomain.parse(federated.getKey()), federated.getValue());
        }
        all.add(new Credentials(svid, bundles));
      } catch (X509SvidException | X509BundleException | IllegalArgumentException e) {
        // What is wrong with it is told by the facts that are read of the same answer.
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    }
    return List.copyOf(all);
  }

  private static void put(X509BundleSet bundles, TrustDomain domain, ByteString der)
      throws X509BundleException {
    bundles.put(X509Bundle.parse(domain, der.toByteArray()));
  }

  /** Who this is. */
  public SpiffeId id() {
    return svid.getSpiffeId();
  }

  /**
   * TLS towards a SPIRE server or any other that speaks HTTP/2: this is shown, and only that id is
   * talked to, verified with its trust domain's bundle.
   */
  public SslContext towards(SpiffeId peer) {
    try {
      return SslContextBuilder.forClient()
          // Java's own, for which no native library need be loaded.
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  "h2"))
          .keyManager(new SvidKeyManager(svid))
          .trustManager(new PeerTrust(bundles, peer))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("Java's own TLS", e);
    }
  }

  @Override
  public String toString() {
    return id().toString();
  }
}
