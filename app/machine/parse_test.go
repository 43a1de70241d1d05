package machine

import "testing"

func TestWhatOtherSystemsPrintIsRead(t *testing.T) {
	const lsof = "p310\nu501\nf5\nn127.0.0.1:8788\nf6\nn[::1]:8787\np477\nu501\nf7\nn127.0.0.1:8787\np12\nu0\nf3\nn*:9000\n"
	const netstat = "\nAktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n" +
		"  TCP    0.0.0.0:9000           0.0.0.0:0              ABHÖREN          12\n" +
		"  TCP    127.0.0.1:8787         127.0.0.1:50000        HERGESTELLT      99\n" +
		"  TCP    127.0.0.1:8787         0.0.0.0:0              ABHÖREN          477\n" +
		"  TCP    [::]:9001              [::]:0                 ABHÖREN          13\n"
	for _, c := range []struct {
		host      string
		port      int
		unix, win int // 0 = nobody
	}{
		{"127.0.0.1", 8787, 477, 477}, {"::1", 8787, 310, 0}, {"127.0.0.1", 9000, 12, 12},
		{"127.0.0.1", 9001, 0, 13}, {"127.0.0.1", 878, 0, 0},
	} {
		if l, ok := parseLsof(lsof, c.host, c.port); ok != (c.unix != 0) || l.PID != c.unix {
			t.Errorf("lsof, %s %d: %+v", c.host, c.port, l)
		}
		if l, ok := parseNetstat(netstat, c.host, c.port); ok != (c.win != 0) || l.PID != c.win {
			t.Errorf("netstat, %s %d: %+v", c.host, c.port, l)
		}
	}
	table := parsePS("    1     0     0 /sbin/launchd\n  477     1   501 /usr/local/bin/hermes-webui --serve\n  500   477   501 -zsh\n")
	if len(table) != 3 || table[477].Parent != 1 || table[477].User != 501 || table[477].Program != "/usr/local/bin/hermes-webui" || len(table.Chain(500)) != 3 {
		t.Errorf("%+v", table)
	}
}
