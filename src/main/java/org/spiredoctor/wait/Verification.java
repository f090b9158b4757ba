package org.spiredoctor.wait;

import java.time.Instant;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.X509SvidFacts;

/** Decides whether an answer is what is waited for. */
final class Verification {
  private Verification() {}

  static boolean reached(Goal goal, Answer answer, Instant now) {
    return switch (goal) {
      case Goal.Socket _ -> true;
      case Goal.Serving _ -> true;
      case Goal.Identity identity ->
          answer instanceof Answer.X509Svids svids
              && svids.svids().stream().anyMatch(svid -> svid.soundAt(now) && fits(svid, identity));
    };
  }

  private static boolean fits(X509SvidFacts svid, Goal.Identity wanted) {
    return wanted.id().map(id -> id.toString().equals(svid.id())).orElse(true)
        && wanted
            .trustDomain()
            .map(domain -> svid.id().startsWith(domain.toIdString() + "/"))
            .orElse(true);
  }
}
