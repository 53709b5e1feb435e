// A brick house in a garden on a late summer afternoon: the course's main picture.
// Units are metres, y is up, the camera looks along +z. Every random number comes from a seeded stream.
// Draft=1 on the command line thins leaves and woods for quick looks.
#version 3.7;
#ifndef (Draft) #declare Draft = 0; #end
#declare Dense = (Draft ? 0.35 : 1);
#declare FarTrees = (Draft ? 900 : 2600);

global_settings { assumed_gamma 1.0 max_trace_level 8 }
#default { finish { ambient 0 diffuse 0.8 } }

#include "functions.inc"
#include "transforms.inc"
#include "plants.inc"
#include "building.inc"

// Shift lens: the view direction is raised without tilting the camera, so the walls stay upright.
camera {
  location <0, 1.65, 0>
  direction <0, 0.094, 1>
  right x*1.14
  up y*1.14*1135/1920
}

// ---- Light ----------------------------------------------------------------------------------
// The sky is a handful of weak lamps over the whole dome, each with its shadows: soft darkening under eaves
// and inside crowns, without the blotches of sampled indirect light on millions of leaves.
#declare SunWay = vnormalize(<-0.52, 0.46, -0.75>);
light_source {
  SunWay*2000 rgb <1.00, 0.82, 0.60>*0.95
  parallel point_at 0
  area_light x*22, y*22, 3, 3 adaptive 0 circular orient
}
#macro SkyLamp(Azimuth, Height, Colour)
  light_source { vrotate(z*2000, <-Height, Azimuth, 0>) rgb Colour parallel point_at 0 }
#end
#for (I, 0, 4) SkyLamp(20 + I*72, 28, <0.041, 0.054, 0.074>) #end
#for (I, 0, 2) SkyLamp(75 + I*120, 62, <0.045, 0.061, 0.090>) #end
// Light thrown back by the grass, for soffits and the underside of leaves.
light_source { <0, -2000, -300> rgb <0.080, 0.072, 0.042> parallel point_at 0 shadowless }

// ---- Sky ------------------------------------------------------------------------------------
sky_sphere {
  pigment {
    function { max(0, y) }
    color_map {
      [0.00 rgb <0.66, 0.66, 0.62>] [0.06 rgb <0.52, 0.60, 0.66>] [0.16 rgb <0.32, 0.46, 0.62>]
      [0.32 rgb <0.19, 0.33, 0.54>] [1.00 rgb <0.07, 0.16, 0.36>]
    }
  }
  // High thin cirrus, drawn out by the wind.
  pigment {
    granite turbulence 0.3 scale <0.9, 0.16, 0.5> rotate <0, 20, 12>
    color_map { [0.35 rgbt <0.75, 0.77, 0.78, 1>] [0.75 rgbt <0.75, 0.77, 0.78, 0.62>] }
  }
}
fog { fog_type 2 distance 3600 fog_offset 0 fog_alt 90 rgb <0.50, 0.56, 0.61> }

#include "clouds.inc"
#include "land.inc"
#include "garden.inc"
