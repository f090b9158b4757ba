/** Findings about reaching the Workload API endpoint. */
@NullMarked
package org.spiredoctor.diagnosis.rules.socket;

import org.jspecify.annotations.NullMarked;
