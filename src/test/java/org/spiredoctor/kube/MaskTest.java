package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The gate: nothing that may be a key, a token or a password comes through. */
class MaskTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonNode json(String text) throws JsonProcessingException {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  @Test
  void keepsWhatIsNamedAndNothingElse() throws JsonProcessingException {
    Mask mask = Mask.parse("a,b(c,d(e)),f");
    assertThat(mask.apply(json("{'a':{'x':1},'b':{'c':2,'d':[{'e':3,'z':4}],'y':5},'g':6}")))
        .isEqualTo(json("{'a':{'x':1},'b':{'c':2,'d':[{'e':3}]}}"));
  }

  /** What is dropped while it is read is what would have been dropped afterwards. */
  @Test
  void whatIsReadIsEnoughOfIt() throws IOException {
    String pod =
        """
        {"metadata":{"name":"web","managedFields":[{"fieldsV1":{"f:spec":{}}}],
          "annotations":{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"{}"},
          "labels":{"app":"web"},"ownerReferences":[{"kind":"Job","name":"j","uid":"1","x":[1]}]},
         "spec":{"nodeName":"n","hostPID":true,"containers":[
           {"name":"c","image":"spire-agent","command":["spire-agent","run"],"args":["-a","b"],
            "env":[{"name":"X","valueFrom":{"fieldRef":{"fieldPath":"y"}}},{"name":"Y","value":""}],
            "envFrom":[{"prefix":"p","secretRef":{"name":"s"}}],"livenessProbe":{"exec":{}}}],
          "volumes":[{"name":"v","secret":{"secretName":"s"}},
           {"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"p"}}]}}]},
         "status":{"phase":"Running","conditions":null,"containerStatuses":[
           {"name":"c","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"ready":false}]}}
        """;
    Mask mask = Kind.POD.mask();
    try (JsonParser parser = MAPPER.createParser(pod)) {
      parser.nextToken();
      JsonNode read = mask.read(parser);
      assertThat(parser.nextToken()).isNull();
      assertThat(mask.apply(read)).isEqualTo(mask.apply(MAPPER.readTree(pod)));
      assertThat(read.toString()).doesNotContain("managedFields", "livenessProbe");
    }
  }

  @Test
  void valuesOfVariablesStayOutsideButForSockets() throws JsonProcessingException {
    JsonNode pod =
        json(
            "{'spec':{'containers':[{'name':'app','env':["
                + "{'name':'DB_PASSWORD','value':'hunter2'},"
                + "{'name':'SPIFFE_ENDPOINT_SOCKET','value':'unix:///s/api.sock'}]}]}}");
    assertThat(Kind.POD.mask().apply(pod).toString())
        .doesNotContain("hunter2")
        .contains("unix:///s/api.sock")
        .contains("DB_PASSWORD");
  }

  @Test
  void whatTellsTheUserOfAProcessComesThrough() throws JsonProcessingException {
    JsonNode pod =
        json(
            "{'spec':{'hostUsers':false,'securityContext':{'runAsUser':1,'runAsGroup':2,"
                + "'fsGroup':3,'supplementalGroups':[4]}}}");
    assertThat(Kind.POD.mask().apply(pod)).isEqualTo(pod);
  }

  @Test
  void theLastAppliedManifestStaysOutside() throws JsonProcessingException {
    JsonNode pod =
        json(
            "{'metadata':{'name':'x','annotations':{"
                + "'kubectl.kubernetes.io/last-applied-configuration':'all','a':'b',"
                + "'kapp.k14s.io/original':'all','spiredoctor.org/run':'ci-1'}}}");
    assertThat(Kind.POD.mask().apply(pod))
        .isEqualTo(json("{'metadata':{'name':'x','annotations':{'spiredoctor.org/run':'ci-1'}}}"));
  }

  @Test
  void manifestsInAnnotationsStayOutside() throws JsonProcessingException {
    JsonNode pod =
        json(
            "{'metadata':{'annotations':{'sidecar.istio.io/inject':'true',"
                + "'sidecar.istio.io/userVolume':'all','sidecar.istio.io/userVolumeMount':'all',"
                + "'sidecar.istio.io/bootstrapOverride':'all','inject.istio.io/x':'all',"
                + "'spiffe.io/x':'all','spiredoctor.org/x':'all','security.openshift.io/x':'all'}},"
                + "'spec':{'volumes':[{'hostPath':{'path':'/x','type':'Socket','note':'all'}}]}}");
    assertThat(Kind.POD.mask().apply(pod))
        .isEqualTo(
            json(
                "{'metadata':{'annotations':{'sidecar.istio.io/inject':'true'}},"
                    + "'spec':{'volumes':[{'hostPath':{'path':'/x','type':'Socket'}}]}}"));
  }

  @Test
  void secretsAreNotAmongTheKinds() {
    assertThat(List.of(Kind.values()))
        .noneMatch(kind -> kind.plural().toLowerCase(Locale.ROOT).contains("secret"));
  }

  /** Secrets of every form, anywhere in an object that is otherwise at random. */
  @RepeatedTest(200)
  void noSecretComesThrough(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    String core = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    String secret =
        switch (random.nextInt(4)) {
          case 0 -> "eyJhbGciOiJSUzI1NiJ9." + core + "." + core;
          case 1 -> "-----BEGIN EC PRIVATE KEY-----\n" + core + "\n-----END EC PRIVATE KEY-----";
          case 2 -> "--password=" + core;
          default -> "Authorization: Bearer " + core;
        };
    ObjectNode pod = MAPPER.createObjectNode();
    ArrayNode containers = pod.putObject("spec").putArray("containers");
    ObjectNode container = containers.addObject().put("name", "app");
    switch (random.nextInt(5)) {
      case 0 -> container.putArray("args").add(secret);
      case 1 -> container.putArray("env").addObject().put("name", "X").put("value", core);
      case 2 -> pod.putObject("metadata").putObject("annotations").put("note", "see " + secret);
      case 3 -> pod.putObject("data").put("key", core);
      default ->
          pod.putObject("status")
              .putArray("containerStatuses")
              .addObject()
              .putObject("state")
              .putObject("terminated")
              .put("message", "failed with " + secret);
    }
    assertThat(Kind.POD.mask().apply(pod).toString()).doesNotContain(core);
    assertThat(Redaction.text("a log line " + secret + " goes on")).doesNotContain(core);
  }

  @Test
  void ordinaryTextIsKept() {
    String line =
        "level=error msg=\"No identity issued\" selectors=\"[k8s:ns:apps k8s:sa:token-issuer]\""
            + " trust_bundle_path=\"/run/spire/bundle/bundle.crt\"";
    assertThat(Redaction.text(line)).isEqualTo(line);
    assertThat(Redaction.text("unable to load token from /var/run/secrets/tokens/spire-agent"))
        .isEqualTo("unable to load token from /var/run/secrets/tokens/spire-agent");
  }
}
