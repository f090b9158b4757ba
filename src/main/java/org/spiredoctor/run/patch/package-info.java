/** Kubernetes' strategic merge patch, for pods. */
@NullMarked
package org.spiredoctor.run.patch;

import org.jspecify.annotations.NullMarked;
