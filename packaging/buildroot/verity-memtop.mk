################################################################################
#
# verity-memtop
#
################################################################################

VERITY_MEMTOP_VERSION = @VERSION@
VERITY_MEMTOP_SOURCE = verity-memtop-$(VERITY_MEMTOP_VERSION).tar.xz
# Put the release tarball into BR2_DL_DIR/verity-memtop, or set VERITY_MEMTOP_SITE.
VERITY_MEMTOP_SITE ?= file://$(BR2_DL_DIR)/verity-memtop
VERITY_MEMTOP_LICENSE = GPL-2.0-only
VERITY_MEMTOP_LICENSE_FILES = LICENSE
VERITY_MEMTOP_DEPENDENCIES = host-pkgconf cryptsetup libbpf libmicrohttpd lvm2 ncurses systemd util-linux zlib zstd

VERITY_MEMTOP_MAKE_OPTS = \
	$(TARGET_CONFIGURE_OPTS) \
	ARCH=$(if $(BR2_aarch64),arm64,x86) \
	PKG_CONFIG="$(PKG_CONFIG_HOST_BINARY)" \
	WERROR= V=1 prefix=/usr

define VERITY_MEMTOP_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) $(VERITY_MEMTOP_MAKE_OPTS) all
endef

define VERITY_MEMTOP_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/.output/plain/verity-memtop $(TARGET_DIR)/usr/sbin/verity-memtop
endef

define VERITY_MEMTOP_INSTALL_INIT_SYSTEMD
	mkdir -p $(TARGET_DIR)/usr/lib/systemd/system
	for unit in $(@D)/systemd/*; do \
		sed 's:/usr/local/sbin/:/usr/sbin/:' "$$unit" \
			>$(TARGET_DIR)/usr/lib/systemd/system/"$${unit##*/}" || exit; \
	done
endef

define VERITY_MEMTOP_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_BPF_SYSCALL)
	$(call KCONFIG_ENABLE_OPT,CONFIG_DEBUG_INFO_BTF)
endef

$(eval $(generic-package))
