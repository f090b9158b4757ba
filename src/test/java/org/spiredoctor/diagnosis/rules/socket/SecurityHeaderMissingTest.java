package org.spiredoctor.diagnosis.rules.socket;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class SecurityHeaderMissingTest {
  @Test
  void securityHeaderMissing() {
    Expect.first(
        "security-header-missing",
        Scene.status(Code.INVALID_ARGUMENT, "security header missing from request"));
  }
}
