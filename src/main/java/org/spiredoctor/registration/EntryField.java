package org.spiredoctor.registration;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of an entry, by the names that they have in each form of file. */
enum EntryField {
  SPIFFE_ID("spiffeID", "spiffe_id"),
  PARENT_ID("parentID", "parent_id"),
  SELECTORS("selectors", "selectors"),
  X509_SVID_TTL("x509SVIDTTL", "x509_svid_ttl"),
  JWT_SVID_TTL("jwtSVIDTTL", "jwt_svid_ttl"),
  FEDERATES_WITH("federatesWith", "federates_with"),
  DNS_NAMES("dnsNames", "dns_names"),
  ADMIN("admin", "admin"),
  DOWNSTREAM("downstream", "downstream"),
  STORE_SVID("storeSVID", "store_svid"),
  HINT("hint", "hint"),
  // Its spelling in SPIRE's messages, where all others have underscores.
  EXPIRES_AT("expiresAt", "entryExpiry"),
  JWT_SVID_INCLUDE_JTI("jwtSVIDIncludeJTI", "jwt_svid_include_jti"),
  DISABLE_X509_SVID_PREFETCH("disableX509SVIDPrefetch", "disable_x509_svid_prefetch");

  /** Where SPIRE's JSON has the last two. */
  static final String ATTRIBUTES = "additional_attributes";

  private static final Map<Form, List<String>> NAMES =
      Arrays.stream(Form.values()).collect(Collectors.toMap(form -> form, EntryField::namesOf));

  private final String name;
  private final String jsonName;

  /** How entries are written in a file. */
  enum Form {
    /** Our own kind. */
    REGISTRATIONS,
    /** The spec of a ClusterStaticEntry of the SPIRE controller manager. */
    STATIC_ENTRY,
    /** The JSON of {@code spire-server entry create -data}. */
    SPIRE_JSON
  }

  EntryField(String name, String jsonName) {
    this.name = name;
    this.jsonName = jsonName;
  }

  /** Its name in a form. */
  String in(Form form) {
    return form == Form.SPIRE_JSON ? jsonName : name;
  }

  /** The names of the fields that an entry has in a form. */
  static List<String> names(Form form) {
    return NAMES.getOrDefault(form, List.of());
  }

  private boolean isOf(Form form) {
    return switch (this) {
      case EXPIRES_AT -> form != Form.STATIC_ENTRY;
      case JWT_SVID_INCLUDE_JTI, DISABLE_X509_SVID_PREFETCH -> form == Form.REGISTRATIONS;
      default -> true;
    };
  }

  private static List<String> namesOf(Form form) {
    Stream<String> own =
        Arrays.stream(values()).filter(field -> field.isOf(form)).map(field -> field.in(form));
    return (form == Form.SPIRE_JSON ? Stream.concat(own, Stream.of(ATTRIBUTES)) : own).toList();
  }

  /** The names in {@link #ATTRIBUTES}. */
  static List<String> attributeNames() {
    return List.of(JWT_SVID_INCLUDE_JTI.jsonName, DISABLE_X509_SVID_PREFETCH.jsonName);
  }
}
