package org.spiredoctor.diagnosis.rules.entry;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class IdentityUnexpectedTest {
  @Test
  void identityUnexpected() {
    Expect.first("identity-unexpected", Scene.served().expecting("spiffe://example.org/db"));
    Expect.healthy(Scene.served().expecting("spiffe://example.org/web"));
  }
}
