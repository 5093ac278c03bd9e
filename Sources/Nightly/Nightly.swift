import Crypto

import Yams
