import "./fields.js";
