package supervise

import "os"

// listens believes it: Windows has nobody who hands over sockets.
func listens(*os.File) bool { return true }
