package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/**
 * A server cannot renew its CA or its JWT key: it logs that and goes on, ready, until the ones that
 * it has end (SPIRE, pkg/server/ca/rotator).
 */
@AutoService(Rule.class)
public final class ServerCaNotRenewed implements Rule {
  /** It tries every 10 s, so that an older failure is over. */
  private static final Duration FRESH = Duration.ofMinutes(2);

  private static final String[] FAILS = {"Unable to rotate X509 CA", "Unable to rotate JWT key"};
  private static final String ENDED = "CA is not available for signing";
  private static final Pattern UPSTREAM = Pattern.compile("upstreamauthority\\(([\\w-]{1,60})\\)");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServerPod.each(
        cluster,
        server -> {
          Optional<Log.Line> ended = last(server, ENDED);
          return last(server, FAILS).or(() -> ended).map(line -> finding(server, line, ended));
        });
  }

  private static Optional<Log.Line> last(ServerPod server, String... says) {
    Instant now = server.cluster().evidence().at();
    return server.log().last(says).filter(line -> line.at().isPresent() && line.within(FRESH, now));
  }

  private Outcome finding(ServerPod server, Log.Line line, Optional<Log.Line> ended) {
    Pod pod = server.pod();
    Finding.Builder finding =
        server.begin(this, ended.isPresent() ? Severity.ERROR : Severity.WARNING, line);
    ended.filter(its -> !its.equals(line)).ifPresent(its -> finding.said(pod, its));
    Matcher upstream = UPSTREAM.matcher(line.error());
    String key = line.says("JWT key") ? "JWT key" : "CA";
    return finding
        .remedy(
            new Remedy.Advice(
                upstream.find()
                    ? "Repair what the upstream authority "
                        + upstream.group(1)
                        + " answers: its address, its credentials, their end and their rights. The"
                        + " server tries again every 10 s"
                    : "Repair what the error names; the server tries again every 10 s"))
        .remedy(
            new Remedy.Command(
                "See since when it fails, and until when the keys of now are valid",
                Shell.grep(
                    Kubectl.logs(pod, "-c", server.container(), "--tail=1000"),
                    "Unable to rotate",
                    "CA prepared",
                    "CA activated",
                    "key prepared",
                    "key activated")))
        .found(
            "The SPIRE server "
                + pod.inWords()
                + " cannot renew its "
                + key
                + (ended.isPresent()
                    ? ", and has none that it could sign with: nobody gets or keeps an identity"
                    : "; it signs with the one that it has until that ends"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.DATASTORE_UNUSABLE);
  }
}
