// The shell round Delivery.
