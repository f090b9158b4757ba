package org.spiredoctor.report;

import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.Mount;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.X509SvidFacts;

/** What was looked at, for {@code check -v}. */
public final class EvidenceText {
  private final StringBuilder out = new StringBuilder();

  private EvidenceText() {}

  /** Line by line. */
  public static String render(Evidence evidence, Style style) {
    EvidenceText text = new EvidenceText();
    text.asked(evidence);
    text.environment(evidence);
    evidence.socket().ifPresent(s -> s.steps().forEach(step -> text.line("path", words(step))));
    evidence
        .socket()
        .flatMap(s -> s.siblings())
        .ifPresent(
            siblings ->
                siblings.forEach(
                    s -> text.line("beside it", s.name() + ", " + s.kind().inWords())));
    evidence.mount().ifPresent(mount -> text.line("mount", words(mount)));
    evidence.attempts().forEach(text::attempt);
    return style.plain(text.out.append('\n').toString());
  }

  private void asked(Evidence evidence) {
    line("address", evidence.query().address().text());
    line("  set by", evidence.query().address().source());
    evidence.query().spiffeId().ifPresent(id -> line("expected", id.toString()));
    evidence
        .query()
        .trustDomain()
        .ifPresent(td -> line("expected", "trust domain " + td.getName()));
  }

  private void environment(Evidence evidence) {
    var here = evidence.environment();
    line("runs in", here.inPod() ? "a pod" : "no pod");
    here.namespace().ifPresent(ns -> line("namespace", ns));
    line("host name", here.hostname());
    here.uid().ifPresent(uid -> line("user id", String.valueOf(uid)));
    here.sandbox().ifPresent(sandbox -> line("sandbox", sandbox.product()));
    here.selinux().ifPresent(context -> line("selinux", context));
    line("clock", evidence.at().toString());
  }

  private void attempt(Attempt attempt) {
    String times = attempt.times() == 1 ? "" : " (" + attempt.times() + " times)";
    line("called", attempt.request().method() + ", " + attempt.took().toMillis() + " ms" + times);
    attempt.ending().ifPresent(ending -> line("  ended", words(ending)));
    switch (attempt.answer().orElse(null)) {
      case Answer.X509Svids svids -> {
        svids.svids().forEach(this::svid);
        svids.bundles().forEach(this::bundle);
        line("  size", svids.bytes() + " bytes");
      }
      case Answer.X509Bundles bundles -> line("  size", bundles.bytes() + " bytes");
      case Answer.JwtBundles bundles -> bundles.bundles().forEach(this::bundle);
      case Answer.JwtSvids svids ->
          svids.svids().forEach(s -> line("  JWT-SVID", s.id() + " for " + s.audience()));
      case null -> {}
    }
  }

  private void svid(X509SvidFacts svid) {
    line("  SVID", svid.id() + (svid.hint().isEmpty() ? "" : ", hint " + svid.hint()));
    svid.validity().ifPresent(v -> line("  valid", v.notBefore() + " to " + v.notAfter()));
  }

  private void bundle(BundleFacts bundle) {
    line("  bundle", bundle.trustDomain() + ", " + bundle.authorities() + " authorities");
  }

  private static String words(PathElement step) {
    return step.inWords() + (step.passable() ? "" : " (closed to this process)");
  }

  private static String words(Mount mount) {
    return mount.point()
        + " from "
        + mount.root()
        + " ("
        + mount.type()
        + ", "
        + mount.options()
        + ")";
  }

  private static String words(Ending ending) {
    return ending.inWords() + " (" + ending.kind() + ")";
  }

  private void line(String name, String text) {
    out.append(String.format("  %-11s ", name)).append(Untrusted.clean(text)).append('\n');
  }
}
