package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;

/** Kubernetes refuses to make its pod. */
record Refused(String message) implements Absence {
  private static final Pattern NO_ACCOUNT =
      Pattern.compile(
          "looking up service account ([\\w.-]{1,253})/([\\w.-]{1,253}): .{0,500}not found");

  @Override
  public String inWords() {
    Matcher account = NO_ACCOUNT.matcher(message);
    return account.find()
        ? ": its service account " + account.group(1) + "/" + account.group(2) + " does not exist"
        : ": Kubernetes refuses to make its pod";
  }

  @Override
  public List<Quote> quotes() {
    return List.of(new Quote("event of the DaemonSet", message));
  }

  @Override
  public Confidence confidence() {
    return Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    Matcher account = NO_ACCOUNT.matcher(message);
    if (account.find()) {
      return Grants.to(
          agents,
          List.of(
              new Remedy.Command(
                  "Make the service account that its pods are to have; what was bound to its name"
                      + " holds again",
                  Kubectl.command(
                      "create", "serviceaccount", "-n", account.group(1), account.group(2)))));
    }
    return message.contains("PodSecurity")
        ? List.of(
            Grants.to(
                agents,
                new Remedy.Command(
                    "Allow the agents' namespace what they need: hostPath and hostPID",
                    Kubectl.command(
                        "label",
                        "namespace",
                        "--overwrite",
                        agents.namespace(),
                        "pod-security.kubernetes.io/enforce=privileged"))))
        : Unexplained.look(agents);
  }
}
