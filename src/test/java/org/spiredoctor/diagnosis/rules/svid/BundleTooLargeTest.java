package org.spiredoctor.diagnosis.rules.svid;

import static org.spiredoctor.diagnosis.Scene.svid;

import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class BundleTooLargeTest {
  private static final String ID = "spiffe://example.org/web";

  @Test
  void bundleTooLarge() {
    Expect.first("bundle-too-large", Scene.pod().answer(Duration.ofMillis(9), 5_000_000, svid(ID)));
    Expect.first(
        "bundle-too-large",
        Scene.status(
            Code.RESOURCE_EXHAUSTED, "gRPC message exceeds maximum size 67108864: 70000000"));
  }
}
