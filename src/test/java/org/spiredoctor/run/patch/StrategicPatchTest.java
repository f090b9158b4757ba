package org.spiredoctor.run.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.run.Commands;

class StrategicPatchTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(JsonParser.Feature.ALLOW_SINGLE_QUOTES, true);

  private static final String POD =
      """
      {'apiVersion': 'v1', 'kind': 'Pod',
       'metadata': {'name': 'x', 'labels': {'app': 'x', 'role': 'test'}, 'finalizers': ['f/1', 'f/2'],
         'ownerReferences': [{'uid': 'u1', 'name': 'o'}]},
       'spec': {
         'nodeName': 'n',
         'initContainers': [{'name': 'wait', 'image': 'i'}, {'name': 'setup', 'image': 'i'}],
         'containers': [
           {'name': 'test', 'image': 'i', 'args': ['1', '2'],
            'env': [{'name': 'A', 'value': '1'}, {'name': 'B', 'value': '2'}, {'name': 'C', 'value': '3'}],
            'ports': [{'containerPort': 80, 'name': 'http'}],
            'volumeMounts': [{'mountPath': '/tmp', 'name': 'tmp'}, {'mountPath': '/s', 'name': 's'}],
            'volumeDevices': [{'devicePath': '/dev/a', 'name': 's'}],
            'securityContext': {'runAsUser': 1, 'capabilities': {'drop': ['ALL']}}}],
         'tolerations': [{'key': 'a'}],
         'hostAliases': [{'ip': '1.2.3.4', 'hostnames': ['a']}],
         'imagePullSecrets': [{'name': 'p'}],
         'topologySpreadConstraints': [{'topologyKey': 'zone', 'maxSkew': 1}],
         'volumes': [{'name': 'tmp', 'emptyDir': {'sizeLimit': '1Gi'}},
                     {'name': 's', 'hostPath': {'path': '/run', 'type': 'Directory'}}]}}
      """;

  /** A patch, a place, and what is there afterwards. */
  record Case(String patch, String place, String expected) {
    static Case of(String patch, String place, String expected) {
      return new Case(patch, place, expected);
    }
  }

  /** What kubectl does, too. */
  static Stream<Case> shared() {
    return Stream.of(
        Case.of("{}", "/metadata/name", "'x'"),
        Case.of(
            "{'metadata': {'labels': {'role': null, 'env': 'ci', 'none': null}}}",
            "/metadata/labels",
            "{'app': 'x', 'env': 'ci'}"),
        Case.of(
            "{'metadata': {'annotations': {'a': 'b', 'c': null}}}",
            "/metadata/annotations",
            "{'a': 'b'}"),
        Case.of(
            "{'metadata': {'labels': {'$patch': 'replace', 'a': 'b'}}}",
            "/metadata/labels",
            "{'a': 'b'}"),
        Case.of("{'metadata': {'labels': {'$patch': 'delete'}}}", "/metadata/labels", "{}"),
        Case.of(
            "{'metadata': {'labels': {'$retainKeys': ['app', 'b'], 'b': 'c'}}}",
            "/metadata/labels",
            "{'app': 'x', 'b': 'c'}"),
        Case.of(
            "{'metadata': {'finalizers': ['f/3', 'f/1']}}",
            "/metadata/finalizers",
            "['f/3', 'f/1', 'f/2']"),
        Case.of(
            "{'metadata': {'$deleteFromPrimitiveList/finalizers': ['f/1']}}",
            "/metadata/finalizers",
            "['f/2']"),
        Case.of(
            "{'metadata': {'$setElementOrder/finalizers': ['f/3', 'f/2', 'f/1'],"
                + " 'finalizers': ['f/3']}}",
            "/metadata/finalizers",
            "['f/3', 'f/2', 'f/1']"),
        Case.of(
            "{'metadata': {'ownerReferences': [{'uid': 'u1', 'kind': 'K'}]}}",
            "/metadata/ownerReferences",
            "[{'uid': 'u1', 'name': 'o', 'kind': 'K'}]"),
        // A label is not a list, whatever it is called.
        Case.of(
            "{'spec': {'nodeSelector': {'env': 'prod', 'ports': 'x'}}}",
            "/spec/nodeSelector",
            "{'env': 'prod', 'ports': 'x'}"),
        Case.of("{'spec': {'nodeName': null}}", "/spec/nodeName", ""),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'args': ['3'], 'command': ['c']}]}}",
            "/spec/containers/0/args",
            "['3']"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'env': [{'name': 'N', 'value': 'n'},"
                + " {'name': 'C', 'value': '4'}]}]}}",
            "/spec/containers/0/env",
            "[{'name': 'N', 'value': 'n'}, {'name': 'A', 'value': '1'},"
                + " {'name': 'B', 'value': '2'}, {'name': 'C', 'value': '4'}]"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'env': [{'name': 'B',"
                + " '$patch': 'delete'}]}]}}",
            "/spec/containers/0/env",
            "[{'name': 'A', 'value': '1'}, {'name': 'C', 'value': '3'}]"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'env': [{'$patch': 'replace'},"
                + " {'name': 'Z', 'value': '1'}, {'name': 'B', 'value': '1'}]}]}}",
            "/spec/containers/0/env",
            "[{'name': 'Z', 'value': '1'}, {'name': 'B', 'value': '1'}]"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'ports': [{'containerPort': 80,"
                + " 'protocol': 'TCP'}]}]}}",
            "/spec/containers/0/ports",
            "[{'containerPort': 80, 'name': 'http'," + " 'protocol': 'TCP'}]"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'volumeMounts': [{'mountPath': '/s',"
                + " 'readOnly': true}], 'volumeDevices': [{'devicePath': '/dev/a',"
                + " 'name': 't'}]}]}}",
            "/spec/containers/0/volumeMounts/1",
            "{'mountPath': '/s', 'name': 's', 'readOnly': true}"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', 'securityContext':"
                + " {'capabilities': {'drop': ['NET_RAW'], 'add': ['X']}}}]}}",
            "/spec/containers/0/securityContext",
            "{'runAsUser': 1, 'capabilities': {'drop': ['NET_RAW'], 'add': ['X']}}"),
        Case.of(
            "{'spec': {'containers': [{'name': 'side', 'image': 's',"
                + " 'ports': [{'containerPort': 53, 'protocol': 'TCP'},"
                + " {'containerPort': 53, 'protocol': 'UDP'}]}]}}",
            "/spec/containers/0",
            "{'name': 'side', 'image': 's', 'ports': [{'containerPort': 53, 'protocol': 'TCP'},"
                + " {'containerPort': 53, 'protocol': 'UDP'}]}"),
        Case.of(
            "{'spec': {'initContainers': [{'name': 'a', 'image': 'a'},"
                + " {'name': 'setup', 'image': 's'}, {'name': 'z', 'image': 'z'}]}}",
            "/spec/initContainers",
            "[{'name': 'a', 'image': 'a'}, {'name': 'wait', 'image': 'i'},"
                + " {'name': 'setup', 'image': 's'}, {'name': 'z', 'image': 'z'}]"),
        Case.of(
            "{'spec': {'$setElementOrder/initContainers': [{'name': 'wait'},"
                + " {'name': 'a'}, {'name': 'setup'}],"
                + " 'initContainers': [{'name': 'a', 'image': 'a'}]}}",
            "/spec/initContainers",
            "[{'name': 'wait', 'image': 'i'}, {'name': 'a', 'image': 'a'},"
                + " {'name': 'setup', 'image': 'i'}]"),
        Case.of(
            "{'spec': {'$setElementOrder/initContainers': [{'name': 'setup'},"
                + " {'name': 'wait'}]}}",
            "/spec/initContainers",
            "[{'name': 'setup', 'image': 'i'}, {'name': 'wait', 'image': 'i'}]"),
        Case.of(
            "{'spec': {'initContainers': [{'name': 'setup', '$patch': 'delete'},"
                + " {'name': 'setup', 'image': 'n'}]}}",
            "/spec/initContainers",
            "[{'name': 'setup', 'image': 'n'}, {'name': 'wait', 'image': 'i'}]"),
        Case.of(
            "{'spec': {'ephemeralContainers': [{'name': 'none', '$patch': 'delete'},"
                + " {'name': 'e', 'image': 'e', 'tty': null}]}}",
            "/spec/ephemeralContainers",
            "[{'name': 'e', 'image': 'e'}]"),
        Case.of("{'spec': {'tolerations': [{'key': 'b'}]}}", "/spec/tolerations", "[{'key': 'b'}]"),
        Case.of(
            "{'spec': {'hostAliases': [{'ip': '5.6.7.8', 'hostnames': ['b']}],"
                + " 'imagePullSecrets': [{'name': 'q'}, {'name': 'p'}],"
                + " 'topologySpreadConstraints': [{'topologyKey': 'zone', 'maxSkew': 2}],"
                + " 'resourceClaims': [{'name': 'r'}], 'schedulingGates': [{'name': 'g'}]}}",
            "/spec/hostAliases",
            "[{'ip': '5.6.7.8', 'hostnames': ['b']}, {'ip': '1.2.3.4', 'hostnames': ['a']}]"),
        Case.of(
            "{'spec': {'volumes': [{'name': 's', 'hostPath': {'path': '/var/run'}}]}}",
            "/spec/volumes/1",
            "{'name': 's', 'hostPath': {'path': '/var/run', 'type': 'Directory'}}"),
        Case.of(
            "{'spec': {'volumes': [{'name': 'tmp', '$retainKeys': ['name', 'configMap'],"
                + " 'configMap': {'name': 'c'}}]}}",
            "/spec/volumes/0",
            "{'name': 'tmp', 'configMap': {'name': 'c'}}"));
  }

  /** What kubectl would make a mess of, or refuses. */
  static Stream<Case> beyond() {
    return Stream.of(
        Case.of(
            "{'spec': {'volumes': [{'name': 's', 'csi': {'driver': 'csi.spiffe.io'}}]}}",
            "/spec/volumes/1",
            "{'name': 's', 'csi': {'driver': 'csi.spiffe.io'}}"),
        Case.of(
            "{'spec': {'volumes': [{'name': 's'}]}}", "/spec/volumes/1/hostPath/path", "'/run'"),
        Case.of(
            "{'metadata': {'labels': {'$patch': 'merge', 'a': 'b'}}}",
            "/metadata/labels",
            "{'app': 'x', 'role': 'test', 'a': 'b'}"),
        Case.of(
            "{'spec': {'containers': [{'name': 'test', '$patch': 'merge', 'image': 'n'}]}}",
            "/spec/containers/0/image",
            "'n'"),
        // Directives in what is new do not reach the API server.
        Case.of(
            "{'spec': {'containers': [{'name': 'n', 'env': [{'name': 'q',"
                + " '$patch': 'delete'}], 'securityContext': {'$patch': 'replace',"
                + " 'privileged': false}}]}}",
            "/spec/containers/0",
            "{'name': 'n', 'env': [], 'securityContext': {'privileged': false}}"),
        Case.of(
            "{'spec': {'tolerations': [{'$patch': 'replace'}, {'key': 'b', 'value': null}]}}",
            "/spec/tolerations",
            "[{'key': 'b'}]"),
        Case.of(
            "{'metadata': {'finalizers': null, '$setElementOrder/finalizers': ['f/2']}}",
            "/metadata/finalizers",
            ""));
  }

  private static ObjectNode json(String text) throws JsonProcessingException {
    return (ObjectNode) JSON.readTree(text);
  }

  @ParameterizedTest
  @MethodSource({"shared", "beyond"})
  void aPatchIsApplied(Case given) throws Exception {
    ObjectNode pod = json(POD);
    ObjectNode patch = json(given.patch);
    ObjectNode patched = StrategicPatch.apply(pod, patch);
    assertThat(patched.at(given.place)).isEqualTo(JSON.readTree(given.expected));
    assertThat(pod).as("the pod itself").isEqualTo(json(POD));
    assertThat(patch).as("the patch itself").isEqualTo(json(given.patch));
  }

  @ParameterizedTest
  @MethodSource("shared")
  void kubectlMakesTheSameOfIt(Case given, @TempDir Path directory) throws Exception {
    Path pod = Files.writeString(directory.resolve("pod.json"), json(POD).toString());
    String patch = json(given.patch).toString();
    String output =
        Commands.succeed(
            directory,
            Map.of(),
            List.of(
                Commands.need("kubectl"),
                "patch",
                "--local",
                "--type=strategic",
                "-f",
                pod.toString(),
                "-p",
                patch,
                "-o",
                "json"));
    assertThat(StrategicPatch.apply(json(POD), json(patch))).isEqualTo(json(output));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "[]#the pod: must be an object",
        "{'spec': 1}#spec: must be an object",
        "{'spec': {'containers': 'x'}}#spec.containers: must be a list",
        "{'spec': {'schedulingGates': {'name': 'x'}}}#spec.schedulingGates: must be a list",
        "{'spec': {'nodeName': {'a': 1}}}#spec.nodeName: must be a plain value",
        "{'spec': {'containers': ['x']}}#spec.containers[0]: must be an object",
        "{'spec': {'containers': [{'name': 'a'}, {'image': 'i'}]}}"
            + "#spec.containers[1]: a merge needs its 'name'",
        "{'spec': {'containers': [{'name': null}]}}#spec.containers[0]: a merge needs its 'name'",
        "{'spec': {'containers': [{'name': 'test', 'ports': [{'name': 'p'}]}]}}"
            + "#spec.containers[0].ports[0]: a merge needs its 'containerPort'",
        "{'spec': {'volumes': [{'$patch': 'delete'}]}}#spec.volumes[0]: a merge needs its 'name'",
        "{'metadata': {'finalizers': [{}]}}#metadata.finalizers[0]: must be a plain value",
        "{'spec': {'$patch': 'remove'}}"
            + "#spec.$patch: must be merge, replace or delete, and is \"remove\"",
        "{'spec': {'$keep': []}}#spec.$keep: is no directive of a strategic merge patch",
        "{'spec': {'$retainKeys': 'x'}}#spec.$retainKeys: must be a list",
        "{'spec': {'$retainKeys': ['a'], 'b': 1}}"
            + "#spec: 'b' is given, but is not among its $retainKeys",
        "{'spec': {'$setElementOrder/tolerations': []}}#spec.$setElementOrder/tolerations: "
            + "this list is not merged, and has no order to set",
        "{'spec': {'containers': [{'name': 'test', '$patch': 'replace', 'image': 'j'}]}}"
            + "#spec.containers[0]: '$patch: replace' is of the whole list,"
            + " and is an item of its own",
      })
  void whatCannotBeAppliedIsToldWithItsPlace(String patch, String told) throws Exception {
    ObjectNode pod = json(POD);
    assertThatThrownBy(() -> StrategicPatch.apply(pod, JSON.readTree(patch)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(told);
  }

  @Test
  void aListThatIsNotThereHasNoOrder() throws Exception {
    ObjectNode patch = json("{'spec': {'$setElementOrder/containers': [{'name': 'a'}]}}");
    assertThat(StrategicPatch.apply(json("{'spec': {}}"), patch)).isEqualTo(json("{'spec': {}}"));
  }
}
