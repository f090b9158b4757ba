package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.Redaction;

/**
 * The gate for SPIRE's config maps: of the configuration of servers and agents the settings that
 * are named here are kept, written anew, and nothing else. Plugins may be configured with keys,
 * tokens and passwords under any name.
 */
final class SpireSettings {
  /** Settings whose values are kept, wherever they stand. */
  static final Set<String> SETTINGS =
      Set.of(
          ("address admin_ids admin_socket_path agent_ttl allowed_foreign_jwt_claims"
                  + " allowed_node_label_keys allowed_pod_label_keys audience"
                  + " audit_log_enabled authorized_delegates availability_target bind_address"
                  + " bind_port bundle_endpoint_url ca_key_type ca_ttl check_interval cluster"
                  + " config_map config_map_key connection_string data_dir database_type"
                  + " default_jwt_svid_ttl default_x509_svid_ttl directory"
                  + " disable_container_selectors disable_x509_svid_prefetch"
                  + " discover_workload_path docker_socket_path enable_namespace_labels"
                  + " endpoint_spiffe_id experimental_enable_sigstore insecure_bootstrap"
                  + " jwt_issuer jwt_key_type keys_path kube_config_file kubelet_ca_path"
                  + " kubelet_read_only_port kubelet_secure_port listener_enabled live_path"
                  + " log_format log_level max_poll_attempts namespace node_name node_name_env"
                  + " omit_x509svid_uid poll_retry_interval port prune_attested_nodes_expired_for"
                  + " ready_path rebootstrap_delay rebootstrap_mode refresh_hint"
                  + " reload_interval retry_bootstrap ro_connection_string server_address"
                  + " server_port service_account_allow_list skip_kubelet_verification"
                  + " socket_path sync_interval token_path trust_bundle_format"
                  + " trust_bundle_path trust_bundle_url trust_domain"
                  + " use_anonymous_authentication use_new_container_locator"
                  + " use_pod_uid_for_agent_id use_sync_authorized_entries"
                  + " use_token_review_api_validation verbose_container_locator_logs"
                  + " workload_size_limit workload_x509_svid_key_type x509_svid_cache_max_size")
              .split(" "));

  /** Blocks that are gone into. */
  static final Set<String> BLOCKS =
      Set.of(
          "agent",
          "bundle_endpoint",
          "bundle_endpoint_profile",
          "clusters",
          "experimental",
          "federates_with",
          "federation",
          "health_checks",
          "plugin_data",
          "plugins",
          "ratelimit",
          "sds",
          "server",
          "sigstore");

  /** Blocks in which the keys are names: of plugins, clusters, trust domains, profiles. */
  private static final Set<String> NAMED =
      Set.of(
          "bundle_endpoint_profile",
          "bundlepublisher",
          "clusters",
          "credentialcomposer",
          "datastore",
          "federates_with",
          "keymanager",
          "nodeattestor",
          "notifier",
          "svidstore",
          "upstreamauthority",
          "workloadattestor");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1,253}");

  /** Stands for a value that the program takes from its environment. */
  private static final String VARIABLE = "${hidden}";

  /** The block of what {@link #again} finds. */
  private static final String UNREAD = "unread";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$[A-Za-z_{]");
  private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";

  private SpireSettings() {}

  /** What may be held of a config map that SPIRE mounts. */
  static JsonNode kept(JsonNode configMap) {
    if (!configMap.path("data").isObject()) {
      return configMap;
    }
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    configMap
        .path("data")
        .properties()
        .forEach(one -> data.put(Redaction.tokens(one.getKey()), text(one.getValue().asText())));
    return configMap.<ObjectNode>deepCopy().set("data", data);
  }

  private static String text(String text) {
    if (text.contains("ControllerManagerConfig")) {
      return ControllerSettings.kept(text);
    }
    Hcl read = HclReader.read(text);
    List<Hcl.Field> fields =
        new ArrayList<>(read.fields().flatMap(field -> kept(field, false)).toList());
    if (!fields.isEmpty()) {
      List<Hcl.Field> again = again(read, fields);
      if (!again.isEmpty()) {
        fields.add(new Hcl.Field(UNREAD, new Hcl.Block(again)));
      }
      return HclWriter.write(fields, text.stripLeading().startsWith("{"));
    }
    // Whether there is a bundle matters; what is in it is public, and long.
    return text.contains(CERTIFICATE) ? CERTIFICATE : text.isBlank() ? "" : Redaction.HIDDEN;
  }

  /**
   * What is kept and stands in a block that no rule reads too: who changes a setting has to know of
   * each place that has it. Nothing is held by it that is not held anyway.
   */
  private static List<Hcl.Field> again(Hcl read, List<Hcl.Field> kept) {
    List<Hcl.Field> seen = kept.stream().flatMap(SpireSettings::settings).toList();
    Set<Hcl.Field> known = Set.copyOf(seen);
    List<Hcl.Field> again =
        new ArrayList<>(
            read.fields().flatMap(SpireSettings::settings).filter(known::contains).toList());
    seen.forEach(again::remove);
    return again;
  }

  private static Stream<Hcl.Field> settings(Hcl.Field field) {
    Optional<Hcl> setting = setting(field);
    return setting.isPresent()
        ? Stream.of(new Hcl.Field(field.key(), setting.get()))
        : field.value().fields().flatMap(SpireSettings::settings);
  }

  private static Optional<Hcl> setting(Hcl.Field field) {
    String key = field.key().toLowerCase(Locale.ROOT);
    return !SETTINGS.contains(key)
        ? Optional.empty()
        : switch (field.value()) {
          case Hcl.Text(String text) -> Optional.of(new Hcl.Text(value(key, text)));
          case Hcl.Items items ->
              Optional.of(
                  new Hcl.Items(
                      items.texts().map(t -> (Hcl) new Hcl.Text(value(key, t))).toList()));
          case Hcl.Block _ -> Optional.empty();
        };
  }

  private static Stream<Hcl.Field> kept(Hcl.Field field, boolean named) {
    Optional<Hcl> setting = setting(field);
    if (setting.isPresent()) {
      return Stream.of(new Hcl.Field(field.key(), setting.get()));
    }
    String key = field.key().toLowerCase(Locale.ROOT);
    boolean block = BLOCKS.contains(key) || NAMED.contains(key) || (named && isName(field.key()));
    Hcl kept =
        switch (field.value()) {
          // Such as plugin_data = null.
          case Hcl.Text text when block && text.text().equals("null") -> text;
          case Hcl.Text _ -> null;
          case Hcl.Items items when block -> blocks(items, NAMED.contains(key));
          case Hcl.Items _ -> null;
          case Hcl.Block inner when block -> block(inner, NAMED.contains(key));
          case Hcl.Block _ -> null;
        };
    return kept == null ? Stream.empty() : Stream.of(new Hcl.Field(field.key(), kept));
  }

  private static boolean isName(String key) {
    return NAME.matcher(key).matches() && Redaction.text(key).equals(key);
  }

  private static Hcl blocks(Hcl.Items items, boolean named) {
    List<Hcl> blocks = new ArrayList<>();
    for (Hcl one : items.items()) {
      if (one instanceof Hcl.Block inner) {
        blocks.add(block(inner, named));
      }
    }
    return new Hcl.Items(blocks);
  }

  private static Hcl.Block block(Hcl.Block block, boolean named) {
    return new Hcl.Block(block.fields().flatMap(field -> kept(field, named)).toList());
  }

  private static String value(String key, String value) {
    if (PLACEHOLDER.matcher(value).find()) {
      return VARIABLE;
    }
    return key.endsWith("connection_string")
        ? ConnectionString.withoutCredentials(value)
        : Redaction.text(value);
  }
}
